import { serverUrl } from '../compat/url.js'
import { createClient } from '../src/index.js'
import type { Client, ClientOptions } from '../src/index.js'

let options: ClientOptions = {}
let client: Client | undefined

/**
 * Says how the client is made that hooks use outside of a `NotewireProvider`: one for the page, made when it is first needed.
 * Call it before the first hook is used. Without a `url` it is where the WebSocketService of `notewire/compat` looks: `VITE_WEBSOCKET_URL`, in development
 * localhost:3000, else the page's host.
 */
export function configureDefaultClient(to: ClientOptions): void {
  if (client) throw new Error('notewire: the default client is in use already; configure it before the first hook is used')
  options = to
}

/** The client that hooks use outside of a `NotewireProvider`. */
export function defaultClient(): Client {
  return (client ??= createClient({ url: serverUrl(), ...options }))
}
