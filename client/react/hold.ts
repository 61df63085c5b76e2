import type { Client } from '../src/index.js'

const holders = new WeakMap<Client, number>()

/**
 * Keeps a client connected until what it returns is called; the last one closes it. A component that is mounted again at once,
 * as in StrictMode, changes nothing.
 */
export function hold(client: Client): () => void {
  const count = holders.get(client)
  holders.set(client, (count ?? 0) + 1)
  if (count === undefined) client.connect()
  return () => {
    holders.set(client, (holders.get(client) ?? 1) - 1)
    queueMicrotask(() => {
      if (holders.get(client) !== 0) return
      holders.delete(client)
      void client.close()
    })
  }
}
