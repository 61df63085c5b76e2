import { useEffect, useState } from 'react'
import type { Note } from '../../../src/index'
import { useNote, usePresence } from '../../../react/index'
import { Avatar } from '../ui/avatar'
import { Icon } from '../ui/icon'
import { useSecondUser, type SecondUser } from './use-second-user'
import { useWorkbench } from './workspace-provider'

const key = 'notewire hint dismissed'
const isOver = () => localStorage.getItem(key) !== null

/** What the product is about is seen with two. Who has seen it once is not told again: it stays in one's menu. */
export function SecondTabHint({ noteId }: { noteId: string | null }) {
  const note = useNote(noteId)
  const { session } = useWorkbench()
  const second = useSecondUser(noteId)
  const [over, setOver] = useState(isOver)
  if (over || !second || !note || note.userId !== session.user || note.deleted) return null
  return <Hint note={note} second={second} onOver={() => setOver(true)} />
}

function Hint({ note, second, onOver }: { note: Note; second: SecondUser; onOver: () => void }) {
  const { name, href, share } = second
  const here = usePresence(note.id).some(other => other.userId === name)
  useEffect(() => {
    if (here) localStorage.setItem(key, 'yes')
    else if (isOver()) onOver()
  }, [here, onOver])
  if (here) return <p className="hint-card hint-line" role="status"><Avatar user={name} /> {name} is here: write in both tabs.</p>
  const dismiss = () => {
    localStorage.setItem(key, 'yes')
    onOver()
  }
  return (
    <div className="hint-card">
      <p>
        <strong>See it live.</strong> {note.collaborators.includes(name) ? `Open this note as ${name} in a second tab, and write in both.` : `Share this note with ${name}, and open it as ${name} in a second tab.`}
      </p>
      <div className="row">
        <a className="button small primary" data-testid="second-tab" href={href} target="_blank" rel="noopener" onClick={share}>
          Open as {name} <Icon name="external" />
        </a>
        <button type="button" className="button small" onClick={dismiss}>Dismiss</button>
      </div>
    </div>
  )
}
