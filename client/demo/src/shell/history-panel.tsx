import { VersionHistory, useNote } from '../../../react/index'
import { readOnly } from '../note/access'
import { useWorkbench } from './workspace-provider'
import { Panel } from './panel'

/** The versions of the open note. */
export function HistoryPanel({ noteId, onClose }: { noteId: string; onClose: () => void }) {
  const { session } = useWorkbench()
  const note = useNote(noteId) // of a public note of somebody else's there is none
  const writable = note !== undefined && readOnly(note, session.user, Date.now()) === null
  return (
    <Panel title="Version history" onClose={onClose}>
      <VersionHistory noteId={noteId} heading={false} canRestore={writable} nameOf={user => (user === session.user ? 'You' : user)} />
    </Panel>
  )
}
