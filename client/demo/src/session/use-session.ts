import { useCallback, useState } from 'react'
import { localSession } from './local'
import { rememberUser, tabUser } from './names'
import type { Session } from './session'

/** Who is signed in in this tab. */
export function useSession() {
  const [session, setSession] = useState<Session | null>(() => {
    const user = tabUser()
    return user === null ? null : localSession(user)
  })
  const signIn = useCallback((session: Session) => {
    if (session.local) rememberUser(session.user)
    setSession(session)
  }, [])
  const signOut = useCallback(() => {
    session?.end()
    location.hash = ''
    setSession(null)
  }, [session])
  return { session, signIn, signOut }
}
