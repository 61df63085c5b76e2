import { useState } from 'react'
import { useClient, useNote } from '../../../react/index'
import { Icon } from '../ui/icon'
import { noteUrl } from './use-hash-note'
import { useWorkbench } from './workspace-provider'

const key = 'notewire hint dismissed'

/** What the product is about is seen with two: a link that opens the note as somebody else, and shares it with him. */
export function SecondTabHint({ noteId }: { noteId: string | null }) {
  const client = useClient()
  const note = useNote(noteId)
  const { session } = useWorkbench()
  const [dismissed, setDismissed] = useState(() => localStorage.getItem(key) !== null)
  if (dismissed || !session.local || !note || note.userId !== session.user || note.deleted) return null
  const other = session.user === 'bob' ? 'alice' : 'bob'
  const share = () => {
    if (note.collaborators.includes(other)) return
    client.shareNote(note.id, { members: [{ userId: other, role: 'write' }] }).done.catch(() => {}) // a refusal is in the outbox
  }
  const dismiss = () => {
    localStorage.setItem(key, 'yes')
    setDismissed(true)
  }
  return (
    <div className="hint-card">
      <p>
        <strong>See it live.</strong> Share this note with {other}, and open it as {other} in a second tab.
      </p>
      <div className="row">
        <a className="button small primary" data-testid="second-tab" href={noteUrl(note.id, other)} target="_blank" rel="noopener" onClick={share}>
          Open as {other} <Icon name="external" />
        </a>
        <button type="button" className="button small" onClick={dismiss}>Dismiss</button>
      </div>
    </div>
  )
}
