import { useCallback, useState } from 'react'
import { clerkKey } from './clerk'
import { localSession } from './local'
import { rememberUser, tabUser } from './names'
import type { Session } from './session'

/** Who is signed in in this tab. */
export function useSession() {
  const [session, setSession] = useState<Session | null>(() => {
    const user = tabUser()
    return user === null || clerkKey() !== '' ? null : localSession(user)
  })
  const signIn = useCallback((session: Session) => {
    if (session.local) rememberUser(session.user)
    setSession(session)
  }, [])
  const signOut = useCallback(() => {
    const leave = () => {
      location.hash = ''
      setSession(null)
    }
    // Not before Clerk has ended it: its sign-in would find somebody signed in.
    Promise.resolve(session?.end()).then(leave, leave)
  }, [session])
  return { session, signIn, signOut }
}
