import { expect } from 'vitest'
import type { App } from './app'

/** Numbers from 0 up to, but not, 1: the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Somebody who types words, now and then a wrong letter that he takes back, now and then after a thought. */
export class Typist {
  /** What is to be in the text of his. */
  typed = ''
  keys = 0
  readonly #app: App
  readonly #letters: string
  readonly #behind: string
  readonly #random: () => number

  /**
   * @param letters what he types, so that one can tell whose a letter is
   * @param behind what is behind his caret, always
   */
  constructor(app: App, letters: string, behind: string, seed: number) {
    this.#app = app
    this.#letters = letters
    this.#behind = behind
    this.#random = seeded(seed)
  }

  /** Types for so long, in milliseconds, and looks after each key whether the caret is where he left it. */
  async type(forMs: number): Promise<void> {
    const end = performance.now() + forMs
    while (performance.now() < end) {
      const length = 2 + Math.floor(this.#random() * 7)
      for (let i = 0; i < length; i++) {
        await this.#press(this.#letter())
        if (this.#random() < 0.05) {
          await this.#press(this.#letter())
          await this.#back()
        }
      }
      await this.#press(' ')
      if (this.#random() < 0.12) await pause(400 + this.#random() * 1200)
    }
  }

  #letter(): string {
    return this.#letters[Math.floor(this.#random() * this.#letters.length)] ?? ''
  }

  async #press(key: string): Promise<void> {
    await this.#app.page.keyboard.press(key === ' ' ? 'Space' : key)
    this.typed += key
    await this.#after()
  }

  async #back(): Promise<void> {
    await this.#app.page.keyboard.press('Backspace')
    this.typed = this.typed.slice(0, -1)
    await this.#after()
  }

  async #after(): Promise<void> {
    this.keys++
    await this.checkCaret()
    await pause(50 + this.#random() * 110)
  }

  /** The caret is between what he typed last and what was behind it at first. */
  async checkCaret(): Promise<void> {
    const { text, caret } = await this.#app.place()
    const own = this.typed.slice(-12)
    const around = caret === null ? 'no caret' : `${text.slice(Math.max(0, caret - own.length), caret)}|${text.slice(caret, caret + this.#behind.length)}`
    expect(around, `${this.#app.user}, after ${this.keys} keys`).toBe(`${own}|${this.#behind}`)
  }
}
