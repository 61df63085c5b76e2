import { useNow } from '../../../react/components/use-now'
import { useClient, useConnection } from '../../../react/index'
import { Panel } from '../shell/panel'
import { EventList } from './event-list'
import { NetworkTable } from './network-table'
import { TransportChoice } from './transport-choice'
import { Unsynced } from './unsynced'
import { duration, sentence, transportName } from './words'

/** What the connection does, why, and what one can do about it. */
export function ConnectionPanel({ onClose, onOpen, onSignIn }: { onClose: () => void; onOpen: (noteId: string) => void; onSignIn: () => void }) {
  const client = useClient()
  const state = useConnection()
  const now = useNow(1000)
  const off = state.name === 'offline' || state.name === 'idle' || state.name === 'stopped'
  return (
    <Panel title="Connection" onClose={onClose}>
      <section className="panel-section">
        <p className="connection-sentence" role="status" data-state={state.name}>{sentence(state, now)}</p>
        {state.name === 'connected' && (
          <dl className="figures">
            <div><dt>Transport</dt><dd data-testid="transport-in-use">{transportName(state.transport)}</dd></div>
            <div><dt>Round trip</dt><dd>{state.latencyMs === null ? '–' : `${Math.max(1, Math.round(state.latencyMs))} ms`}</dd></div>
            <div><dt>Connected for</dt><dd>{duration(now - state.since)}</dd></div>
            <div><dt>Held by</dt><dd>{state.leader ? 'this tab' : 'another tab'}</dd></div>
          </dl>
        )}
        <div className="row">
          {state.name === 'needs-auth' && <button type="button" className="button primary" onClick={onSignIn}>Sign in again</button>}
          {off ? (
            <button type="button" className="button primary" data-testid="go-online" onClick={() => client.goOnline()}>Go online</button>
          ) : (
            <button type="button" className="button" data-testid="go-offline" onClick={() => client.goOffline()}>Go offline</button>
          )}
          <button type="button" className="button" onClick={() => client.reconnect()} disabled={off}>Reconnect</button>
        </div>
      </section>
      <Unsynced onOpen={onOpen} />
      <TransportChoice />
      <NetworkTable />
      <EventList />
    </Panel>
  )
}
