import type { ConnectionState } from '../src/index.js'

/** What Typelets calls the connection's state. */
export type WebSocketStatusName =
  /** Idle, closed, or offline. */
  | 'disconnected'
  /** The first attempt is under way. */
  | 'connecting'
  /** Typelets' for open and not signed in. This client does not say it. */
  | 'connected'
  /** Connected and signed in. */
  | 'authenticated'
  /** Somebody has to sign in, or it was refused for good, or gave up. */
  | 'error'
  /** It comes back by itself. */
  | 'reconnecting'

/** What the state is called there. */
export function statusOf(state: ConnectionState): WebSocketStatusName {
  switch (state.name) {
    case 'connected':
      return 'authenticated'
    case 'connecting':
      return state.attempt > 0 ? 'reconnecting' : 'connecting'
    case 'waiting':
      return 'reconnecting'
    case 'needs-auth':
      return 'error'
    case 'stopped':
      return state.reason ? 'error' : 'disconnected'
    case 'idle':
    case 'offline':
      return 'disconnected'
  }
}

/** A sentence for people, or null if nothing is wrong. */
export function errorOf(state: ConnectionState): string | null {
  switch (state.name) {
    case 'waiting':
    case 'needs-auth':
      return state.reason.sentence
    case 'stopped':
      return state.reason?.sentence ?? null
    case 'offline':
      return 'You are offline. Changes are kept on this device.'
    default:
      return null
  }
}

/** The code that callbacks are given with it: AUTH_FAILED asks for a sign-in. */
export function codeOf(state: ConnectionState): string | undefined {
  if (state.name === 'needs-auth') return 'AUTH_FAILED'
  return state.name === 'waiting' || state.name === 'stopped' ? state.reason?.code : undefined
}

/** How often it has tried to come back. */
export function attemptsOf(state: ConnectionState): number {
  return state.name === 'waiting' || state.name === 'connecting' ? state.attempt : 0
}
