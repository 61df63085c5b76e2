import type { ConnectionState, TransportName } from '../../../src/index'

const names: Record<TransportName, string> = {
  websocket: 'WebSocket', sse: 'SSE', 'sse-padded': 'SSE, padded', eventsource: 'EventSource', poll: 'Long-poll',
}

/** All ways to the server, best first. */
export const transports = Object.keys(names) as readonly TransportName[]

/** What people call it. */
export function transportName(transport: TransportName): string {
  return names[transport]
}

/** What the connection does, in a sentence. */
export function sentence(state: ConnectionState, now: number): string {
  switch (state.name) {
    case 'idle':
      return 'Not connected.'
    case 'connecting':
      return state.transport ? `Connecting by ${names[state.transport]}…` : 'Connecting…'
    case 'connected':
      return state.leader ? 'Changes come as they happen.' : 'Changes come as they happen, through another tab’s connection.'
    case 'waiting':
      return `${state.reason.sentence} Next try ${inSeconds(state.retryAt - now)}. Edits are kept on this device.`
    case 'offline':
      return 'Offline. Edits are kept on this device, and sent when the network is back.'
    case 'needs-auth':
      return `${state.reason.sentence} Edits are kept on this device.`
    case 'stopped':
      return `${state.reason?.sentence ?? 'The connection was stopped.'} Edits are kept on this device.`
  }
}

function inSeconds(ms: number): string {
  return ms < 1000 ? 'now' : `in ${Math.round(ms / 1000)} s`
}

/** How long something has lasted. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Bytes, for people. */
export function bytes(n: number): string {
  if (!Number.isFinite(n)) return 'everything'
  return n < 1024 ? `${n} B` : n < 1024 * 1024 ? `${(n / 1024).toFixed(1)} KB` : `${(n / 1024 / 1024).toFixed(1)} MB`
}
