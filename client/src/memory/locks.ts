import type { Locks } from '../adapters.js'

interface Waiting {
  readonly start: () => void
  aborted: boolean
}

/** Locks among the clients of one program: give the same to all that are to share a connection. */
export class MemoryLocks implements Locks {
  readonly #held = new Map<string, (error: Error) => void>()
  readonly #waiting = new Map<string, Waiting[]>()

  request<T>(name: string, options: { signal?: AbortSignal; steal?: boolean }, held: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const broken = (error: Error) => reject(error)
      const start = () => {
        this.#held.set(name, broken)
        held().then(resolve, reject).finally(() => {
          if (this.#held.get(name) === broken) this.#free(name)
        })
      }
      if (options.signal?.aborted) return reject(new Error('aborted'))
      if (options.steal) {
        this.#held.get(name)?.(new Error('stolen'))
        return start()
      }
      if (!this.#held.has(name)) return start()
      const waiting: Waiting = { start, aborted: false }
      this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), waiting])
      options.signal?.addEventListener('abort', () => {
        waiting.aborted = true
        reject(new Error('aborted'))
      })
    })
  }

  #free(name: string): void {
    this.#held.delete(name)
    const queue = this.#waiting.get(name) ?? []
    while (queue.length) {
      const next = queue.shift()
      if (next && !next.aborted) return next.start()
    }
  }
}
