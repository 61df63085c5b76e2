import { useEffect, useState } from 'react'
import { Mark } from '../ui/mark'
import { ThemeSwitch } from '../ui/theme-switch'
import { clerkKey } from './clerk'
import { ClerkSignIn } from './clerk-sign-in'
import { isLocalMode } from './local'
import { LocalSignIn } from './local-sign-in'
import type { Session } from './session'

type Mode = 'asking' | 'local' | 'tokens' | 'unreachable'

const publishableKey = clerkKey()

/** The first thing that somebody sees who is not signed in. */
export function SignIn({ onSignIn }: { onSignIn: (session: Session) => void }) {
  const [mode, setMode] = useState<Mode>(publishableKey ? 'tokens' : 'asking')
  useEffect(() => {
    if (mode !== 'asking') return
    let current = true
    isLocalMode().then(
      local => current && setMode(local ? 'local' : 'tokens'),
      () => current && setMode('unreachable'),
    )
    return () => {
      current = false
    }
  }, [mode])
  return (
    <main className="sign-in">
      <div className="sign-in-theme"><ThemeSwitch /></div>
      <div className="sign-in-card">
        <h1><Mark /> Notewire</h1>
        <p className="quiet">Notes that are the same everywhere, at once.</p>
        {mode === 'local' && <LocalSignIn onSignIn={onSignIn} />}
        {mode === 'tokens' && (publishableKey ? <ClerkSignIn publishableKey={publishableKey} onSignIn={onSignIn} /> : <NoKey />)}
        {mode === 'unreachable' && (
          <div className="note-box bad" role="alert">
            <p>The server does not answer.</p>
            <button type="button" className="button" onClick={() => setMode('asking')}>Try again</button>
          </div>
        )}
      </div>
    </main>
  )
}

function NoKey() {
  return (
    <div className="note-box" role="status">
      <p>This server signs people in with Clerk, and this page was not told with which key.</p>
      <p>
        Start the server with <code>CLERK_PUBLISHABLE_KEY</code> set, or without Clerk’s settings to try it in local mode.
      </p>
    </div>
  )
}
