import { WebSocketStatusCompact, useConnection, useOutbox, useWebSocket } from '../../../react/index'
import { transportName } from '../connection/words'

/** The connection in two words; the panel has the rest. */
export function StatusButton({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  const state = useConnection()
  const { unsynced } = useOutbox()
  const { status, isAuthenticated, lastSync } = useWebSocket()
  // Red is for what has failed: the first moments of a page have not.
  const beginning = state.name === 'idle' || (state.name === 'connecting' && state.attempt === 0)
  return (
    <button type="button" className="status-button" data-testid="live-status" data-state={state.name} aria-pressed={open} title="Connection" onClick={onToggle}>
      {!beginning && <WebSocketStatusCompact status={status} isAuthenticated={isAuthenticated} lastSync={lastSync} />}
      <span className="status-transport">{state.name === 'connected' ? transportName(state.transport) : words[state.name]}</span>
      {unsynced > 0 && state.name !== 'connected' && <span className="pill warn">{unsynced} unsynced</span>}
    </button>
  )
}

const words = {
  idle: 'idle', connecting: 'connecting…', waiting: 'trying again…', offline: 'offline', 'needs-auth': 'sign in', stopped: 'stopped',
} as const
