import { useEffect, useState } from 'react'
import { RefusedEdits, useClient, useNoteWebSocket } from '../../../react/index'
import type { Session } from '../session/session'
import { Icon } from '../ui/icon'
import { Empty } from '../ui/empty'
import { NoNote } from './no-note'
import { OpenNote } from './open-note'

export interface NotePaneProps {
  noteId: string | null
  session: Session
  onBack: () => void
  onOpen: (id: string) => void
  onNew: () => void
  historyOpen: boolean
  onHistory: () => void
  sharing: boolean
  onSharing: (open: boolean) => void
  onTag: (tag: string) => void
}

/** The note that is open, or what there is instead. */
export function NotePane({ noteId, onNew, ...props }: NotePaneProps) {
  if (noteId === null) {
    return (
      <main className="note">
        <NoNote onNew={onNew} />
      </main>
    )
  }
  return <Found noteId={noteId} {...props} />
}

function Found({ noteId, ...props }: Omit<NotePaneProps, 'noteId' | 'onNew'> & { noteId: string }) {
  const client = useClient()
  const { note, connected } = useNoteWebSocket({ noteId })
  const known = note !== null && note.version > 0
  useEffect(() => {
    if (!known || !connected) return
    client.request('POST', `/api/notes/${noteId}/visit`).catch(() => {}) // only for "last opened"
  }, [client, noteId, known, connected])
  const patient = useMoment()
  if (note) return <OpenNote note={note} {...props} />
  return (
    <main className="note">
      <div className="note-bar">
        <button type="button" className="icon-button back" aria-label="Back to the list" onClick={props.onBack}><Icon name="back" /></button>
      </div>
      <div className="notices"><RefusedEdits noteId={noteId} onOpen={props.onOpen} /></div>
      {!patient ? null : connected ? (
        <Empty icon="search" title="This note is not here">
          <p>It was deleted, or it is not shared with {props.session.name}.</p>
          <button type="button" className="button" onClick={props.onBack}>Back to the list</button>
        </Empty>
      ) : (
        <Empty icon="device" title="This note is not on this device">
          <p>It comes as soon as the server can be reached.</p>
        </Empty>
      )}
    </main>
  )
}

/** Whether a moment has passed: what comes within it needs no excuse. */
function useMoment(): boolean {
  const [passed, setPassed] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), 700)
    return () => clearTimeout(timer)
  }, [])
  return passed
}
