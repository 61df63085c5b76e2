import type { Channel } from '../adapters.js'

/** Channels among the clients of one program: give the `open` of the same to all that are to share a connection. */
export class MemoryChannels {
  readonly #open = new Map<string, Set<(message: unknown) => void>>()

  /** Opens one, like `new BroadcastChannel(name)`. */
  readonly open = (name: string): Channel => {
    const all = this.#open.get(name) ?? new Set()
    this.#open.set(name, all)
    let own: ((message: unknown) => void) | undefined
    return {
      post(message) {
        const others = [...all].filter(listener => listener !== own)
        if (!others.length) return
        const copy = structuredClone(message)
        for (const listener of others) queueMicrotask(() => all.has(listener) && listener(copy))
      },
      onMessage(listener) {
        own = message => listener(message)
        all.add(own)
      },
      close() {
        if (own) all.delete(own)
      },
    }
  }
}
