import type { Clock, Network, SocketLike } from '../adapters.js'

/** The system's time and chance. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, Math.min(ms, 2 ** 31 - 1))
    return () => clearTimeout(timer)
  },
  random() {
    const [n = 0] = crypto.getRandomValues(new Uint32Array(1))
    return n / 2 ** 32
  },
}

/** The network of a program that is always online. Node has WebSockets from version 22 on; before, event streams serve. */
export function systemNetwork(): Network {
  const { WebSocket } = globalThis as { WebSocket?: new (url: string, protocols?: string[]) => SocketLike }
  return {
    fetch: (url, init) => fetch(url, init),
    ...(WebSocket ? { WebSocket } : {}),
    online: () => true,
    onChange: () => () => {},
    kind: () => '',
  }
}
