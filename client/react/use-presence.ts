import { useEffect, useRef } from 'react'
import type { Presence } from '../src/index.js'
import { useClient } from './provider.js'
import { enterRoom, othersIn } from './rooms.js'
import type { Seat } from './rooms.js'
import { useNote } from './use-note.js'
import { useReadable } from './use-readable.js'

/**
 * Who else is in a note and shows something (section 19). `mine` is shown to them while the component is mounted: any JSON of at
 * most 4 KB, the same object while it does not change. On an event stream others are seen only by who shows something; with
 * polls, by nobody.
 */
export function usePresence(noteId: string, mine?: unknown): readonly Presence[] {
  const client = useClient()
  const seat = useRef<Seat | null>(null)
  const latest = useRef(mine)
  const unsent = useNote(noteId)?.version === 0
  useEffect(() => {
    latest.current = mine
    seat.current?.show(mine)
  }, [mine])
  useEffect(() => {
    if (unsent) return // a note that the server does not have yet cannot be joined
    const taken = (seat.current = enterRoom(client, noteId, latest.current))
    return () => {
      seat.current = null
      taken.leave()
    }
  }, [client, noteId, unsent])
  return useReadable(othersIn(client, noteId))
}
