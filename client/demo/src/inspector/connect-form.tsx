import { useEffect, useId, useState } from 'react'
import type { NotesPage } from '../../../src/index'
import { titleOf } from '../list/text'
import type { Session } from '../session/session'
import { api } from './api'
import type { Target } from './stream'

type Settings = Omit<Target, 'token'>

export interface ConnectFormProps {
  target: Settings
  onChange: (target: Settings) => void
  open: boolean
  onConnect: () => void
  onDisconnect: () => void
  user: string
  session: Session
}

/** What to connect to. */
export function ConnectForm({ target, onChange, open, onConnect, onDisconnect, user, session }: ConnectFormProps) {
  const [notes, setNotes] = useState<NotesPage['notes']>([])
  const list = useId()
  useEffect(() => {
    let current = true
    api(session, 'GET', '/api/notes?limit=50').then(
      page => current && setNotes((page as NotesPage).notes),
      () => {},
    )
    return () => {
      current = false
    }
  }, [session])
  const ready = target.dialect === 'account' || target.noteId !== ''
  return (
    <form
      className="inspector-form"
      onSubmit={event => {
        event.preventDefault()
        if (open) onDisconnect()
        else onConnect()
      }}
    >
      <h2>Connection</h2>
      <Choice label="Dialect" value={target.dialect} options={{ note: 'One note', account: 'Account' }} onChange={dialect => onChange({ ...target, dialect })} />
      <Choice label="Transport" value={target.transport} options={{ websocket: 'WebSocket', sse: 'Event stream' }} onChange={transport => onChange({ ...target, transport })} />
      <label className="field">
        <span>Note</span>
        <input
          className="input mono" data-testid="inspector-note" list={list} placeholder="Id of a note" value={target.noteId} onChange={event => onChange({ ...target, noteId: event.target.value.trim() })}
          autoComplete="off" spellCheck={false}
        />
        <datalist id={list}>{notes.map(note => <option key={note.id} value={note.id}>{titleOf(note)}</option>)}</datalist>
      </label>
      <label className="field">
        <span>Cursor</span>
        <input className="input mono" placeholder="from now; 0 is the beginning" value={target.cursor} onChange={event => onChange({ ...target, cursor: event.target.value.trim() })} spellCheck={false} />
      </label>
      <button type="submit" className={open ? 'button' : 'button primary'} data-testid="inspector-connect" disabled={!open && !ready}>{open ? 'Disconnect' : `Connect as ${user}`}</button>
    </form>
  )
}

interface ChoiceProps<T extends string> {
  label: string
  value: T
  options: Readonly<Record<T, string>>
  onChange: (value: T) => void
}

function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <div className="field">
      <span>{label}</span>
      <div className="segmented" role="group" aria-label={label}>
        {(Object.keys(options) as T[]).map(each => (
          <button key={each} type="button" aria-pressed={each === value} onClick={() => onChange(each)}>{options[each]}</button>
        ))}
      </div>
    </div>
  )
}
