import type { OutboxItem } from '../../../src/index'
import { useClient, useOutbox, useReadable } from '../../../react/index'
import { titleOf } from '../list/text'

/** The edits that are only on this device. */
export function Unsynced({ onOpen }: { onOpen: (noteId: string) => void }) {
  const client = useClient()
  const { items, unsynced } = useOutbox()
  const notes = useReadable(client.notes)
  const nameOf = (id: string) => {
    const note = notes.find(each => each.id === id)
    return note ? titleOf(note) : 'a note'
  }
  return (
    <section className="panel-section">
      <h3>Unsynced edits <span className="count" data-testid="unsynced">{unsynced}</span></h3>
      {items.length === 0 ? (
        <p className="hint">Everything is at the server.</p>
      ) : (
        <ul className="items">
          {items.slice(0, 50).map(item => (
            <li key={item.mutation.mutationId}>
              <span className="grow">
                {does[item.mutation.op]}{' '}
                {'noteId' in item.mutation && <NoteLink name={nameOf(item.mutation.noteId)} onOpen={onOpen} id={item.mutation.noteId} />}
                {item.problem && <span className="hint">{item.problem.sentence}</span>}
              </span>
              <span className={item.status === 'refused' ? 'pill bad' : 'pill'}>{statuses[item.status]}</span>
              {item.status === 'refused' && (
                <div className="row">
                  <button type="button" className="button small" onClick={() => client.retry(item.mutation.mutationId)}>Retry</button>
                  <button type="button" className="button small" onClick={() => client.discard(item.mutation.mutationId)}>Discard</button>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function NoteLink({ id, name, onOpen }: { id: string; name: string; onOpen: (noteId: string) => void }) {
  return <button type="button" className="link" onClick={() => onOpen(id)}>{name}</button>
}

const statuses: Record<OutboxItem['status'], string> = { draft: 'being written', queued: 'waiting', sending: 'sending', acknowledged: 'confirmed', refused: 'refused' }

const does: Record<OutboxItem['mutation']['op'], string> = {
  create: 'Create', edit: 'Edit', organise: 'Organise', revert: 'Restore a version of', share: 'Share', trash: 'Move to the trash:', restore: 'Take out of the trash:',
  purge: 'Delete for good:', leave: 'Leave', folder_create: 'Create a folder', folder_update: 'Change a folder', folder_delete: 'Delete a folder',
}
