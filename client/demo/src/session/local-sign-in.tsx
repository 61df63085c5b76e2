import { useId, useState, type FormEvent } from 'react'
import { Avatar } from '../ui/avatar'
import { localSession } from './local'
import { isUserName, recentUsers } from './names'
import type { Session } from './session'

/** Local mode asks for a name, and believes it. */
export function LocalSignIn({ onSignIn }: { onSignIn: (session: Session) => void }) {
  const [name, setName] = useState(() => recentUsers()[0] ?? 'alice')
  const [recent] = useState(recentUsers)
  const field = useId()
  const hint = useId()
  const wrong = name !== '' && !isUserName(name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isUserName(name)) onSignIn(localSession(name))
  }
  return (
    <>
      <form className="sign-in-form" onSubmit={submit}>
        <label htmlFor={field}>Your name</label>
        <div className="row">
          <input
            id={field} data-testid="user" className="input" value={name} onChange={event => setName(event.target.value.trim())} onFocus={event => event.target.select()} autoFocus required maxLength={64}
            placeholder="alice" autoComplete="off" autoCapitalize="off" spellCheck={false} enterKeyHint="go" aria-describedby={hint} aria-invalid={wrong}
          />
          <button type="submit" className="button primary" data-testid="sign-in" disabled={!isUserName(name)}>Continue</button>
        </div>
        <p id={hint} className={wrong ? 'hint bad' : 'hint'}>
          {wrong ? 'Letters, digits, _ and -, up to 64.' : 'This server runs in local mode: any name is a user, without a password.'}
        </p>
      </form>
      {recent.length > 0 && (
        <ul className="recent" aria-label="Signed in before">
          {recent.map(user => (
            <li key={user}>
              <button type="button" className="button" onClick={() => onSignIn(localSession(user))}>
                <Avatar user={user} /> {user}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
