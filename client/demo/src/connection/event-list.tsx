import { useReadable } from '../../../react/index'
import { useWorkbench } from '../shell/workspace-provider'
import { clock } from '../ui/when'

/** What the client has told, newest first. */
export function EventList() {
  const { log } = useWorkbench()
  const events = useReadable(log)
  return (
    <section className="panel-section">
      <h3>Events</h3>
      <ol className="events">
        {events.map(event => (
          <li key={event.n}><time>{clock(event.at)}</time> <span>{event.text}</span></li>
        ))}
      </ol>
    </section>
  )
}
