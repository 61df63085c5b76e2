import { useEffect, useMemo, useState } from 'react'
import type { Note, Readable } from '../src/index.js'
import { useAutoConnect, useClient } from './provider.js'
import { useReadable } from './use-readable.js'
import { watchNote } from './watch-note.js'

const nothing: Readable<undefined> = { get: () => undefined, subscribe: () => () => {} }

/** One note, as the user sees it; undefined while it is not known, or if there is none. Renders again only when it changes. */
export function useNote(noteId: string | null | undefined): Note | undefined {
  const client = useClient()
  const readable = useMemo(() => (noteId ? client.note(noteId) : nothing), [client, noteId])
  return useReadable<Note | undefined>(readable)
}

/** What `useNoteWebSocket` gives. */
export interface LiveNote {
  /** Null while it is not known, or where it may not be read. */
  note: Note | null
  /** Changes come as they happen. */
  connected: boolean
}

/**
 * One note as it changes. It also finds a public note of somebody else's, which is in no list: that is
 * followed by requests that wait for news, 20 s each. Connects the page's client if there is no provider.
 */
export function useNoteWebSocket({ noteId }: { noteId: string }): LiveNote {
  const client = useClient()
  const known = useNote(noteId)
  const connected = useReadable(client.connection).name === 'connected'
  const [found, setFound] = useState<Note | null>(null)
  const absent = known === undefined
  useAutoConnect(client)
  useEffect(() => {
    if (!absent || !connected) return
    return watchNote(client, noteId, (note) => setFound(note && { ...note, pending: false, saved: 'saved' }))
  }, [client, noteId, absent, connected])
  return { note: known ?? (found?.id === noteId ? found : null), connected }
}
