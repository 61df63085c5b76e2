import type { ConnectionState, NetworkReport, OutboxState, Conflict } from '../src/index.js'
import { useClient } from './provider.js'
import { useReadable } from './use-readable.js'

/** What the connection is doing, and why: `client.connection`. */
export function useConnection(): ConnectionState {
  return useReadable(useClient().connection)
}

/** What was measured of the network, and why this transport: `client.network`. */
export function useNetwork(): NetworkReport {
  return useReadable(useClient().network)
}

/** What this device has not handed to the server: `client.outbox`. */
export function useOutbox(): OutboxState {
  return useReadable(useClient().outbox)
}

/** Edits that met another at one place, until they are dismissed: `client.conflicts`. */
export function useConflicts(): readonly Conflict[] {
  return useReadable(useClient().conflicts)
}
