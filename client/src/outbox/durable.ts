import type { StorageWrite } from '../adapters.js'

/** Writes all or nothing; false: this tab may not write any more. Rejects if the device does not store. */
export type WriteAll = (writes: readonly StorageWrite[]) => Promise<boolean>

/**
 * Writes rows one transaction after the other. What changes while one runs goes into the next, each row as it is last: typing
 * does not queue up.
 */
export class Durable {
  readonly #write: WriteAll
  #dirty = new Map<string, StorageWrite>()
  #next: Promise<boolean> | undefined
  #running: Promise<unknown> = Promise.resolve()

  constructor(write: WriteAll) {
    this.#write = write
  }

  /** Answers when these rows, or later ones of the same keys, are durable. */
  save(writes: readonly StorageWrite[]): Promise<boolean> {
    for (const write of writes) this.#dirty.set(`${write.table}/${write.key}`, write)
    if (!this.#next) {
      const next = this.#running.then(() => {
        const dirty = [...this.#dirty.values()]
        this.#dirty = new Map()
        this.#next = undefined
        return this.#write(dirty)
      })
      this.#next = next
      this.#running = next.catch(() => {})
    }
    return this.#next
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    while (this.#next) await this.#next.catch(() => {})
    await this.#running
  }
}
