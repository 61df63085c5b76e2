import { useState } from 'react'
import type { Session } from '../session/session'
import { api } from './api'

export interface UpdateNoteProps {
  session: Session
  noteId: string
  onEvent: (type: string, text: string) => void
}

/** Changes the note by HTTP, so that there is something to see. */
export function UpdateNote({ session, noteId, onEvent }: UpdateNoteProps) {
  const [title, setTitle] = useState('')
  const post = async (path: string, body: unknown) => {
    try {
      await api(session, 'POST', path, body)
      onEvent('HTTP', `POST ${path} ${JSON.stringify(body)}`)
    } catch (error) {
      onEvent('HTTP', `POST ${path}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const path = `/api/notes/${encodeURIComponent(noteId)}`
  return (
    <form
      className="inspector-form"
      onSubmit={event => {
        event.preventDefault()
        void post(path, { changes: title === '' ? { content: `Updated at ${new Date().toLocaleTimeString()}` } : { title } })
      }}
    >
      <h2>Update the note</h2>
      <label className="field">
        <span>Title</span>
        <input className="input" value={title} maxLength={500} placeholder="empty: changes the text" onChange={event => setTitle(event.target.value)} />
      </label>
      <button type="submit" className="button" data-testid="inspector-update" disabled={noteId === ''}>Update by HTTP</button>
    </form>
  )
}
