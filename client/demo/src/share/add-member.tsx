import { useState } from 'react'
import type { Note, Role } from '../../../src/index'
import { isUserName, recentUsers } from '../session/names'

/** Adds somebody by name. */
export function AddMember({ note, onAdd }: { note: Note; onAdd: (user: string, role: Role) => void }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('write')
  const there = name === note.userId || note.collaborators.includes(name)
  const ready = isUserName(name) && !there
  return (
    <form
      className="add-member"
      onSubmit={event => {
        event.preventDefault()
        if (!ready) return
        onAdd(name, role)
        setName('')
      }}
    >
      <div className="row">
        <input
          className="input grow" data-testid="member-id" aria-label="Who to add" placeholder="Name, e.g. bob" value={name} maxLength={64} list="known-users" data-focus
          autoComplete="off" autoCapitalize="off" spellCheck={false} onChange={event => setName(event.target.value.trim())}
        />
        <datalist id="known-users">{recentUsers().filter(user => user !== note.userId && !note.collaborators.includes(user)).map(user => <option key={user} value={user} />)}</datalist>
        <select className="input select" data-testid="member-role" aria-label="May" value={role} onChange={event => setRole(event.target.value === 'read' ? 'read' : 'write')}>
          <option value="write">can edit</option>
          <option value="read">can read</option>
        </select>
        <button type="submit" className="button primary" data-testid="add-member" disabled={!ready}>Add</button>
      </div>
      <p className="hint" role="status">{there ? `${name} is in it already.` : name !== '' && !isUserName(name) ? 'A name has letters, digits, _ and -.' : ' '}</p>
    </form>
  )
}
