import { act, cleanup, render } from '@testing-library/react'
import { StrictMode, type ReactNode } from 'react'
import { fetch as realFetch, WebSocket } from 'undici'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { NotewireProvider } from '../../react/index.js'
import { createClient, memory, type Client, type ClientOptions, type Network } from '../../src/index.js'
import { RealServer } from '../server/server.js'

afterEach(cleanup)

/** The server itself for the tests of a file, and clients of it. */
export class Real {
  #server: RealServer | undefined
  readonly #clients: Client[] = []

  constructor() {
    beforeAll(async () => {
      this.#server = await RealServer.start()
    }, 120_000)
    afterAll(async () => {
      await Promise.all(this.#clients.map(client => client.close()))
      await this.#server?.stop()
    })
  }

  get server(): RealServer {
    if (!this.#server) throw new Error('it is there in tests only')
    return this.#server
  }

  open(user: string, options: Partial<ClientOptions> = {}): Client {
    const client = createClient({
      url: this.server.url, token: () => this.server.token(user), transports: ['websocket'], editDebounceMs: 0, ...memory(), network: network(), ...options,
    })
    this.#clients.push(client)
    client.connect()
    return client
  }
}

/** The page's own would mind origins. */
export function network(): Network {
  const { network } = memory()
  return { ...network, fetch: realFetch as unknown as Network['fetch'], WebSocket: WebSocket as unknown as NonNullable<Network['WebSocket']> }
}

export function show(client: Client, ui: ReactNode) {
  return render(ui, { wrapper: ({ children }) => <StrictMode><NotewireProvider client={client}>{children}</NotewireProvider></StrictMode> })
}

/** Waits until something is so, and all of it is rendered. */
export async function until(is: () => boolean, ms = 10_000): Promise<void> {
  const end = Date.now() + ms
  while (!is()) {
    if (Date.now() > end) throw new Error(`it is not so within ${ms} ms: ${is}`)
    await act(() => new Promise(resolve => setTimeout(resolve, 10)))
  }
}
