import type { TransportName } from '../api.js'
import { openEventSource } from './eventsource.js'
import { openPoll } from './poll.js'
import { openSse } from './sse.js'
import type { Open } from './transport.js'

export { probe } from '../connection/probe.js'

/** What serves where a WebSocket does not. */
export const fallbacks: Readonly<Record<Exclude<TransportName, 'websocket'>, Open>> = {
  sse: openSse, 'sse-padded': openSse, eventsource: openEventSource, poll: openPoll,
}
