import { useState } from 'react'
import type { Note, Share } from '../../../src/index'
import { NotewireError } from '../../../src/index'
import { useClient, useConnection } from '../../../react/index'
import type { Session } from '../session/session'
import { Confirm } from '../ui/confirm'
import { Dialog } from '../ui/dialog'
import { AddMember } from './add-member'
import { MemberRow } from './member-row'
import { PublicLink } from './public-link'
import { asked } from '../ui/asked'

export interface ShareDialogProps {
  note: Note
  session: Session
  onClose: () => void
  onLeft: () => void
}

/** Who sees a note: members, everybody, and whose it is. */
export function ShareDialog({ note, session, onClose, onLeft }: ShareDialogProps) {
  const client = useClient()
  const offline = useConnection().name !== 'connected'
  const [problem, setProblem] = useState<string | null>(null)
  const [heir, setHeir] = useState<string | null>(null)
  const [leaving, setLeaving] = useState(false)
  const { user } = session
  const own = note.userId === user
  const share = (change: Share) => {
    setProblem(null)
    client.shareNote(note.id, change).done.catch((error: unknown) => setProblem(error instanceof NotewireError ? `${error.problem.sentence} ${error.problem.message}` : String(error)))
  }
  const leave = () => {
    asked(client.leaveNote(note.id))
    onClose()
    onLeft()
  }
  return (
    <>
      <Dialog title="Share" onClose={onClose}>
        {problem && <p className="note-box bad" role="alert">{problem}</p>}
        {offline && <p className="note-box" role="status">You are offline: what you change here happens when the network is back.</p>}
        {own && <AddMember note={note} onAdd={(userId, role) => share({ members: [{ userId, role }] })} />}
        <ul className="members" aria-label="Members">
          <MemberRow user={note.userId} self={user} role="owner" />
          {note.collaborators.map(member => (
            <MemberRow
              key={member} user={member} self={user} role={note.roles[member] ?? 'write'}
              {...(own ? { onRole: (role: 'read' | 'write') => share({ members: [{ userId: member, role }] }), onOwner: () => setHeir(member), onRemove: () => share({ remove: [member] }) } : {})}
            />
          ))}
        </ul>
        <PublicLink note={note} own={own} onAccess={access => share({ access })} />
        {!own && note.collaborators.includes(user) && (
          <div className="row">
            <p className="hint grow">Only {note.userId}, who owns this note, may share it.</p>
            <button type="button" className="button danger" data-testid="leave" onClick={() => setLeaving(true)}>Leave this note</button>
          </div>
        )}
      </Dialog>
      {heir && (
        <Confirm title={`Give this note to ${heir}?`} verb={`Give it to ${heir}`} onConfirm={() => share({ owner: heir })} onClose={() => setHeir(null)}>
          {heir} then decides who may see it, and you stay as one who can edit. Only {heir} can give it back.
        </Confirm>
      )}
      {leaving && (
        <Confirm title="Leave this note?" verb="Leave" onConfirm={leave} onClose={() => setLeaving(false)}>
          It goes out of your list. {note.userId} can share it with you again.
        </Confirm>
      )}
    </>
  )
}
