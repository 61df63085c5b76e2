import { useState } from 'react'
import { useConnection } from '../use-connection.js'

/** Who is signed in, also while there is no connection; undefined as long as there was none. */
export function useUserId(): string | undefined {
  const connection = useConnection()
  const [last, setLast] = useState<string>()
  const userId = connection.name === 'connected' ? connection.userId : last
  if (userId !== last) setLast(userId)
  return userId
}
