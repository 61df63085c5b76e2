import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Client, FolderChanges, NewFolder, NewNote, NoteChanges } from '../src/index.js'
import { watchConnection } from './connection-events.js'
import type { ConnectionHandlers, Told } from './connection-events.js'
import { lastSyncOf } from './last-sync.js'
import { useAutoConnect, useClient } from './provider.js'
import { attemptsOf, errorOf, statusOf } from './status.js'
import type { WebSocketStatusName } from './status.js'
import { watchSync } from './sync-events.js'
import type { SyncHandlers } from './sync-events.js'
import { useJoinedNotes } from './use-joined-notes.js'
import { useReadable } from './use-readable.js'

/** What `useWebSocket` may be told. Callbacks may be new functions at each render. */
export interface UseWebSocketOptions extends SyncHandlers, ConnectionHandlers {
  /** Connect when it is mounted: true by default. Below a provider, which decides that by itself, it changes nothing. */
  autoConnect?: boolean
}

/** What `useWebSocket` gives. */
export interface WebSocketResult {
  /** The state of the connection. */
  status: WebSocketStatusName
  /** Changes come as they happen. */
  isConnected: boolean
  /** The same: there is no connection without a sign-in. */
  isAuthenticated: boolean
  /** Who is signed in, while connected. */
  userId: string | null
  /** What is wrong, or what was refused last, as a sentence for people; null if nothing is, or it was cleared. */
  error: string | null
  /** How many attempts failed in a row; 0 while connected. */
  reconnectAttempts: number
  /** When something last came from another device, in milliseconds since 1970; null: nothing since the page first asked. */
  lastSync: number | null
  /** The notes that this component has joined. */
  joinedNotes: string[]
  /** As `client.connect`. */
  connect(): void
  /** Closes the connection. What is unsent is kept. */
  disconnect(): void
  /** As `client.reconnect`. */
  reconnect(): void
  /** Says that this component looks at a note. It is left when the component is unmounted. */
  joinNote(noteId: string): void
  /** Says that it does no longer. */
  leaveNote(noteId: string): void
  /** As `client.editNote`. A refusal comes to `onError`. */
  sendNoteUpdate(noteId: string, changes: NoteChanges): void
  /** As `client.createNote`. */
  sendNoteCreated(note: NewNote & { id: string }): void
  /** As `client.trashNote`. */
  sendNoteDeleted(noteId: string): void
  /** As `client.createFolder`. */
  sendFolderCreated(folder: NewFolder & { id: string }): void
  /** As `client.updateFolder`. */
  sendFolderUpdated(folderId: string, changes: FolderChanges): void
  /** As `client.deleteFolder`. */
  sendFolderDeleted(folderId: string): void
  /** Takes `error` away, until there is another. */
  clearError(): void
  /** The main parts in one object; `joinedNotes` is how many. */
  getConnectionInfo(): { status: WebSocketStatusName; isConnected: boolean; isAuthenticated: boolean; lastSync: number | null; joinedNotes: number }
}

/**
 * The connection, in the words of Typelets' hook. Whatever is sent goes through the outbox: nothing is dropped while the
 * connection is down. Several components may use it; each has its own callbacks.
 */
export function useWebSocket(options: UseWebSocketOptions = {}): WebSocketResult {
  const client = useClient()
  const state = useReadable(client.connection)
  const lastSync = useReadable(lastSyncOf(client))
  const [cleared, setCleared] = useState<string | null>(null)
  const [refused, setRefused] = useState<string | null>(null)
  const joined = useJoinedNotes(client)
  useAutoConnect(client, options.autoConnect ?? true)

  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  })
  useEffect(
    () =>
      watchSync(client, {
        handlers: () => latest.current,
        synced: () => {},
        refused: ({ code, sentence }) => {
          setRefused(sentence)
          latest.current.onError?.({ message: sentence, code })
        },
      }),
    [client],
  )

  const isConnected = state.name === 'connected'
  const userId = state.name === 'connected' ? state.userId : null
  const sentence = errorOf(state)
  const told = useRef<Told>({ userId: null, sentence: null })
  useEffect(() => watchConnection(client, () => latest.current, told.current), [client])
  useEffect(() => setCleared(null), [sentence])

  const error = sentence !== null && sentence !== cleared ? sentence : refused
  const clearError = useCallback(() => {
    setCleared(sentence)
    setRefused(null)
  }, [sentence])
  const status = statusOf(state)
  const methods = useMemo(() => methodsOf(client), [client])
  const getConnectionInfo = () => ({
    status, isConnected, isAuthenticated: isConnected, lastSync, joinedNotes: joined.ids.length,
  })
  return {
    status, isConnected, isAuthenticated: isConnected, userId, error, reconnectAttempts: attemptsOf(state), lastSync,
    joinedNotes: joined.ids, joinNote: joined.join, leaveNote: joined.leave, clearError, getConnectionInfo, ...methods,
  }
}

function methodsOf(client: Client) {
  return {
    connect: () => client.connect(),
    disconnect: () => void client.close(),
    reconnect: () => client.reconnect(),
    sendNoteUpdate: (noteId: string, changes: NoteChanges) => void client.editNote(noteId, changes),
    sendNoteCreated: (note: NewNote & { id: string }) => void client.createNote(note),
    sendNoteDeleted: (noteId: string) => void client.trashNote(noteId),
    sendFolderCreated: (folder: NewFolder & { id: string }) => void client.createFolder(folder),
    sendFolderUpdated: (folderId: string, changes: FolderChanges) => void client.updateFolder(folderId, changes),
    sendFolderDeleted: (folderId: string) => void client.deleteFolder(folderId),
  }
}
