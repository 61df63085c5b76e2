import type { Problem } from '../protocol/errors.js'
import type { Millis } from '../protocol/note.js'

/** The ways to reach the server, best first (section 5). */
export type TransportName =
  /** Both ways over one socket. */
  | 'websocket'
  /** An event stream down, requests up. */
  | 'sse'
  /** The same, with padding after each event, so that a buffer on the way lets it through. */
  | 'sse-padded'
  /** The browser's own `EventSource`. Tried only where `transports` names it. */
  | 'eventsource'
  /** Requests that wait for news, up to 25 s each. Without presence. */
  | 'poll'

/** What the connection is doing, and why. `attempt` counts failures in a row: 0 is the first attempt. */
export type ConnectionState =
  /** Nobody asked for a connection yet, or it was closed. */
  | { readonly name: 'idle' }
  /** It is being opened. `transport` is there once one is chosen. */
  | { readonly name: 'connecting'; readonly attempt: number; readonly transport?: TransportName }
  /** Signed in: changes come as they happen. */
  | {
      readonly name: 'connected'
      readonly transport: TransportName
      /** Whose notes these are. */
      readonly userId: string
      /** The connection's name at the server, which others see as `senderId`. Empty with `poll`. */
      readonly connectionId: string
      /** When it was signed in. */
      readonly since: Millis
      /** From a ping to its answer, in milliseconds, every 25 s; null where it is not measured, as on event streams. */
      readonly latencyMs: number | null
      /** True: this tab holds the connection. False: another tab does, for all of them. */
      readonly leader: boolean
    }
  /** An attempt failed; the next one is at `retryAt` (section 7.2). The first pause is up to 1 s, the longest 30 s. */
  | { readonly name: 'waiting'; readonly attempt: number; readonly retryAt: Millis; readonly reason: Problem }
  /** The device is offline, or `goOffline` was called. A device that comes back connects by itself. */
  | { readonly name: 'offline' }
  /** There is no token, or it was refused. It goes on as soon as `token` gives another one. */
  | { readonly name: 'needs-auth'; readonly reason: Problem }
  /** It was refused for good, or `maxReconnectAttempts` failed. `connect` tries again. */
  | { readonly name: 'stopped'; readonly reason?: Problem }

/** What was measured of one transport (section 5). */
export interface Measured {
  /** Whether it works here. */
  readonly ok: boolean
  /** Until the first message came, in milliseconds. */
  readonly ms?: number
  /** Bytes that something on the way holds back; 0: none, Infinity: until the answer ends. */
  readonly holdBack?: number
  /** Why it does not work, or what was seen. */
  readonly why?: string
}

/** What was found out about the network, for people and for metrics. The same in every tab. */
export interface NetworkReport {
  /** The server's address and the kind of network. What works there is remembered for 30 minutes. */
  readonly network: string
  /** The transport in use, or next to be tried; null: not known yet. */
  readonly chosen: TransportName | null
  /** Bytes of padding after each event; 0 unless `sse-padded` is chosen. */
  readonly padding: number
  /** When; null if nothing was measured yet. */
  readonly measuredAt: Millis | null
  /** Why this transport, in one sentence. */
  readonly why: string
  /** What was measured, by transport. */
  readonly measured: { readonly [T in TransportName]?: Measured }
}
