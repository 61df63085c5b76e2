import { useEffect, useRef, useState } from 'react'
import { clerkSession, loadClerk, type Clerk } from './clerk'
import type { Session } from './session'

export interface ClerkSignInProps {
  publishableKey: string
  onSignIn: (session: Session) => void
}

/** Clerk's own component, once its script is here. */
export function ClerkSignIn({ publishableKey, onSignIn }: ClerkSignInProps) {
  const [clerk, setClerk] = useState<Clerk | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [tries, setTries] = useState(0)
  useEffect(() => {
    let current = true
    loadClerk(publishableKey).then(
      clerk => current && setClerk(clerk),
      (error: unknown) => current && setProblem(error instanceof Error ? error.message : String(error)),
    )
    return () => {
      current = false
    }
  }, [publishableKey, tries])
  if (clerk) return <Mounted clerk={clerk} onSignIn={onSignIn} />
  if (problem === null) return <p className="hint" role="status">Loading the sign-in…</p>
  const again = () => {
    setProblem(null)
    setTries(tries + 1)
  }
  return (
    <div className="note-box bad" role="alert">
      <p><strong>Sign-in is not available now.</strong> {problem} A network or an extension may be blocking it.</p>
      <button type="button" className="button" onClick={again}>Try again</button>
    </div>
  )
}

function Mounted({ clerk, onSignIn }: { clerk: Clerk; onSignIn: (session: Session) => void }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    if (!element) return
    const look = () => {
      const session = clerkSession(clerk)
      if (session) onSignIn(session)
    }
    const quiet = clerk.addListener(look)
    clerk.mountSignIn(element)
    look()
    return () => {
      quiet()
      clerk.unmountSignIn(element)
    }
  }, [clerk, onSignIn])
  return <div ref={place} />
}
