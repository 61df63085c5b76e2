/**
 * A stand-in for Typelets' `WebSocketService`: its methods, states and events, over this package's client.
 *
 * @module compat
 */

export { WebSocketService } from './service.js'
export type { WebSocketEventHandlers, WebSocketServiceOptions, WebSocketState } from './service.js'
export { httpOf, serverUrl } from './url.js'
export type { Environment } from './url.js'
export { debugs, redact } from './debug.js'
import { WebSocketService } from './service.js'

let service: WebSocketService | undefined

/** The page's one service, made when it is first asked for. */
export function getWebSocketService(): WebSocketService {
  return (service ??= new WebSocketService())
}
