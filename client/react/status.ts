import type { ConnectionState } from '../src/index.js'

/** The states of the service that this client stands in for. */
export type WebSocketStatusName = 'disconnected' | 'connecting' | 'connected' | 'authenticated' | 'error' | 'reconnecting'

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
