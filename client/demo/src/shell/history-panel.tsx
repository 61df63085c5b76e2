import { VersionHistory } from '../../../react/index'
import { useWorkbench } from './workspace-provider'
import { Panel } from './panel'

/** The versions of the open note. */
export function HistoryPanel({ noteId, onClose }: { noteId: string; onClose: () => void }) {
  const { session } = useWorkbench()
  return (
    <Panel title="Version history" onClose={onClose}>
      <VersionHistory noteId={noteId} heading={false} nameOf={user => (user === session.user ? 'You' : user)} />
    </Panel>
  )
}
