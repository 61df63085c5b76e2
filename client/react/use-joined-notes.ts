import { useCallback, useEffect, useRef, useState } from 'react'
import type { Client } from '../src/index.js'
import { enterRoom } from './rooms.js'
import type { Seat } from './rooms.js'

/** The notes that this component looks at: joined again by the client after each reconnect, and left when it is unmounted. */
export function useJoinedNotes(client: Client) {
  const [ids, setIds] = useState<string[]>([])
  const seats = useRef(new Map<string, Seat>())
  const join = useCallback(
    (noteId: string) => {
      if (seats.current.has(noteId)) return
      seats.current.set(noteId, enterRoom(client, noteId))
      setIds([...seats.current.keys()])
    },
    [client],
  )
  const leave = useCallback((noteId: string) => {
    seats.current.get(noteId)?.leave()
    if (seats.current.delete(noteId)) setIds([...seats.current.keys()])
  }, [])
  useEffect(() => {
    const open = seats.current
    return () => {
      for (const seat of open.values()) seat.leave()
      open.clear()
      setIds((had) => (had.length ? [] : had))
    }
  }, [client])
  return { ids, join, leave }
}
