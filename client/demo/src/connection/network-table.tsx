import { useNetwork } from '../../../react/index'
import { when } from '../ui/when'
import { bytes, transportName, transports } from './words'

/** What was measured of the network. */
export function NetworkTable() {
  const report = useNetwork()
  const rows = transports.flatMap(transport => {
    const measured = report.measured[transport]
    return measured ? [{ transport, measured }] : []
  })
  return (
    <section className="panel-section">
      <h3>What this network lets through</h3>
      <p className="hint">{capital(report.why)}.{report.measuredAt !== null && ` Measured ${when(report.measuredAt)}.`}</p>
      {rows.length > 0 && (
        <table className="table">
          <thead>
            <tr><th scope="col">Transport</th><th scope="col">First message</th><th scope="col">Held back</th></tr>
          </thead>
          <tbody>
            {rows.map(({ transport, measured }) => (
              <tr key={transport} data-ok={measured.ok}>
                <th scope="row">{transportName(transport)}{measured.why !== undefined && <span className="hint">{measured.why}</span>}</th>
                <td>{measured.ok ? (measured.ms === undefined ? 'works' : `${Math.round(measured.ms)} ms`) : 'no'}</td>
                <td>{measured.holdBack === undefined ? '–' : measured.holdBack === 0 ? 'nothing' : bytes(measured.holdBack)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {report.padding > 0 && <p className="hint">Each event is padded with {bytes(report.padding)}.</p>}
    </section>
  )
}

function capital(text: string): string {
  return (text.charAt(0).toUpperCase() + text.slice(1)).replace(/\.$/, '')
}
