import { useState } from 'react'
import type { Note } from '../../../src/index'
import { useClient } from '../../../react/index'
import { useWorkbench } from '../shell/workspace-provider'
import { Confirm } from '../ui/confirm'
import { asked } from '../ui/asked'

/** Deletes for good what is in the trash and one's own. */
export function EmptyTrash({ notes }: { notes: readonly Note[] }) {
  const client = useClient()
  const { session } = useWorkbench()
  const [asking, setAsking] = useState(false)
  const own = notes.filter(note => note.userId === session.user)
  const purge = () => {
    for (const note of own) asked(client.purgeNote(note.id))
  }
  const one = own.length === 1
  if (own.length === 0) return null
  return (
    <>
      <button type="button" className="button small" onClick={() => setAsking(true)}>Empty</button>
      {asking && (
        <Confirm title="Empty the trash?" verb={one ? 'Delete it for good' : `Delete ${own.length} for good`} onConfirm={purge} onClose={() => setAsking(false)}>
          {one ? 'One note is deleted with all of its versions, for everybody it is shared with.' : `${own.length} notes are deleted with all of their versions, for everybody they are shared with.`} This cannot be taken back.
        </Confirm>
      )}
    </>
  )
}
