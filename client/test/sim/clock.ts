import type { Clock } from '../../src/index.js'

/** Chance that can be had again: mulberry32. */
export function chance(seed: number): () => number {
  let a = seed | 0
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly call: () => void
}

/** Time that passes only when it is told to. Everything that waits for no timer has happened before the next one does. */
export class VirtualClock implements Clock {
  readonly random: () => number
  #now = 1_758_000_000_000
  /** How many timers went off. */
  steps = 0
  #order = 0
  #timers: Timer[] = []

  constructor(seed = 1) {
    this.random = chance(seed)
  }

  now(): number {
    return this.#now
  }

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, call }
    let low = 0
    let high = this.#timers.length
    while (low < high) { // the soonest is last
      const middle = (low + high) >> 1
      const other = this.#timers[middle]!
      if (other.at < timer.at || (other.at === timer.at && other.order < timer.order)) high = middle
      else low = middle + 1
    }
    this.#timers.splice(low, 0, timer)
    return () => {
      const i = this.#timers.indexOf(timer)
      if (i >= 0) this.#timers.splice(i, 1)
    }
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    for (;;) {
      await settled()
      const next = this.#timers.at(-1)
      if (!next || next.at > end) break
      this.#timers.pop()
      this.#now = next.at
      this.steps++
      next.call()
    }
    this.#now = end
  }

  /** Lets time pass until something is so, which is looked at every so many milliseconds; false if it is not within that time. */
  async until(what: () => boolean, ms = 600_000, every = 500): Promise<boolean> {
    for (let passed = 0; passed < ms; passed += every) {
      if (what()) return true
      await this.pass(every)
    }
    return what()
  }
}

/** All promises that can go on have. */
export function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
