import type { Locks } from '../adapters.js'

/** What leading one account on one device takes. */
export interface Leading {
  readonly locks: Locks
  /** The lock's name. */
  readonly name: string
  /** This tab leads. Resolves, or is told by the signal, when it does no more. */
  readonly lead: (signal: AbortSignal) => Promise<void>
}

/**
 * Waits to lead, leads, and waits again when leading was lost. One tab leads at a time; where a lock was stolen from a frozen
 * tab, the fencing number of the storage keeps the former leader from writing and sending.
 */
export class Leader {
  readonly #leading: Leading
  #control: AbortController | undefined
  #ended: Promise<void> = Promise.resolve()

  constructor(leading: Leading) {
    this.#leading = leading
  }

  /** Applies for the lead. With `steal`, takes it from a tab that does not answer. */
  apply(steal = false): void {
    const before = this.#control
    const control = (this.#control = new AbortController())
    if (before) before.abort()
    const { locks, name, lead } = this.#leading
    const held = async () => {
      if (!control.signal.aborted) await lead(control.signal)
    }
    this.#ended = locks.request(name, steal ? { steal } : { signal: control.signal }, held).catch(() => {}).then(() => {
      if (control.signal.aborted || this.#control !== control) return
      this.#control = undefined
      this.apply() // stolen, or given up: in line again
    })
  }

  /** Leads no more, and does not apply again. Resolves when the lock is free. */
  async resign(): Promise<void> {
    this.#control?.abort()
    this.#control = undefined
    await this.#ended
  }
}
