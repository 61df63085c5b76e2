import { useEffect, useRef, useState } from 'react'
import { clerkSession, loadClerk } from './clerk'
import type { Session } from './session'

/** Clerk's own component. */
export function ClerkSignIn({ publishableKey, onSignIn }: { publishableKey: string; onSignIn: (session: Session) => void }) {
  const place = useRef<HTMLDivElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    const element = place.current
    if (!element) return
    let end = () => {}
    let current = true
    loadClerk(publishableKey).then(
      clerk => {
        if (!current) return
        const look = () => {
          const session = clerkSession(clerk)
          if (session) onSignIn(session)
        }
        const quiet = clerk.addListener(look)
        clerk.mountSignIn(element)
        end = () => {
          quiet()
          clerk.unmountSignIn(element)
        }
        look()
      },
      (error: unknown) => current && setProblem(String(error)),
    )
    return () => {
      current = false
      end()
    }
  }, [publishableKey, onSignIn])
  return (
    <>
      {problem && <p className="note-box bad" role="alert">Sign-in is not available: {problem}.</p>}
      <div ref={place} />
    </>
  )
}
