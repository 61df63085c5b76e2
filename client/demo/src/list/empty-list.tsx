import { useClient, useReadable } from '../../../react/index'
import { useWorkbench } from '../shell/workspace-provider'
import { Empty } from '../ui/empty'
import type { Filter } from './filter'
import { useSettled } from './use-settled'
import { welcome } from './welcome'

export interface EmptyListProps {
  filter: Filter
  query: string
  onNew: () => void
  onOpen: (id: string) => void
  onClear: () => void
  onAll: () => void
}

/** Why nothing is listed, and what to do. */
export function EmptyList({ filter, query, onNew, onOpen, onClear, onAll }: EmptyListProps) {
  const client = useClient()
  const { session } = useWorkbench()
  const none = useReadable(client.notes).length === 0
  const settled = useSettled()
  if (query.trim() !== '') {
    return (
      <Empty icon="search" title={filter.kind === 'trash' ? 'Nothing found in the trash' : 'Nothing found'}>
        <p>No note {filter.kind === 'trash' && 'there '}has all of these words in its title, text or tags.</p>
        <div className="row center">
          {filter.kind === 'trash' && <button type="button" className="button" onClick={onAll}>Search all notes</button>}
          <button type="button" className="button" onClick={onClear}>Clear the search</button>
        </div>
      </Empty>
    )
  }
  if (!settled) return <p className="list-loading quiet" role="status">Loading…</p>
  if (filter.kind === 'trash') return <Empty icon="trash" title="The trash is empty"><p>Notes that you delete wait here until they are deleted for good.</p></Empty>
  if (none && filter.kind === 'all') {
    const begin = () => {
      const made = client.createNote(welcome(session.local))
      made.done.catch(() => {}) // a refusal is in the outbox
      onOpen(made.noteId)
    }
    return (
      <Empty icon="notes" title="Your first note">
        <p>Start with a short tour, or with an empty page.</p>
        <div className="row center">
          <button type="button" className="button primary" data-testid="welcome" onClick={begin}>Take the tour</button>
          <button type="button" className="button" onClick={onNew}>Empty note</button>
        </div>
      </Empty>
    )
  }
  return (
    <Empty icon={filter.kind === 'archived' ? 'archive' : filter.kind === 'starred' ? 'star' : 'notes'} title={titles[filter.kind]}>
      <p>{hints[filter.kind]}</p>
      <button type="button" className="button" onClick={onAll}>Show all notes</button>
    </Empty>
  )
}

const titles = { all: 'All notes are archived', starred: 'No starred notes', shared: 'Nothing is shared', archived: 'The archive is empty', folder: 'This folder is empty', tag: 'No note has this tag' }

const hints = {
  all: 'They are in the archive.',
  starred: 'Star a note to find it here.',
  shared: 'Share a note, and others write in it with you.',
  archived: 'Archive what you are done with: it stays, out of the way.',
  folder: 'Drag notes here, or choose “Move to…” in a note’s menu.',
  tag: 'Add it below the title of a note.',
}
