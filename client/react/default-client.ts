import { serverUrl } from '../compat/url.js'
import { createClient } from '../src/index.js'
import type { Client, ClientOptions } from '../src/index.js'

let options: ClientOptions = {}
let client: Client | undefined

/**
 * Says how the client is made that hooks use outside of a `NotewireProvider`: one for the page, made when it is first
 * needed. Call it before the first hook is used: it throws afterwards. Without a `url` the server is looked for as
 * `serverUrl` of `notewire/compat` does: at `VITE_WEBSOCKET_URL`, in development at localhost:3000, else at the page's
 * host.
 */
export function configureDefaultClient(to: ClientOptions): void {
  if (client) throw new Error('notewire: the default client is in use already; configure it before the first hook is used')
  options = to
}

/**
 * The client that hooks use outside of a `NotewireProvider`: made when it is first asked for, and connected by `useNotes`,
 * `useWebSocket` or `useNoteWebSocket`.
 */
export function defaultClient(): Client {
  return (client ??= createClient({ url: serverUrl(), ...options }))
}
