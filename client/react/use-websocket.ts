import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Client, FolderChanges, NewFolder, NewNote, NoteChanges } from '../src/index.js'
import { useAutoConnect, useClient } from './provider.js'
import { useJoinedNotes } from './use-joined-notes.js'
import { attemptsOf, codeOf, errorOf, statusOf } from './status.js'
import type { WebSocketStatusName } from './status.js'
import { watchSync } from './sync-events.js'
import type { SyncHandlers } from './sync-events.js'
import { useReadable } from './use-readable.js'

/** What `useWebSocket` may be told. Callbacks may be new functions at each render. */
export interface UseWebSocketOptions extends SyncHandlers {
  /** Connect when it is mounted: true by default. Below a provider, which decides that by itself, it changes nothing. */
  autoConnect?: boolean
  onError?: (error: { message: string; code?: string }) => void
  onConnect?: () => void
  onDisconnect?: () => void
  onAuthenticated?: (userId: string) => void
}

/** What `useWebSocket` answers. */
export interface WebSocketResult {
  status: WebSocketStatusName
  isConnected: boolean
  isAuthenticated: boolean
  userId: string | null
  /** A sentence for people. */
  error: string | null
  reconnectAttempts: number
  /** When something last came from another device, in milliseconds since 1970. */
  lastSync: number | null
  joinedNotes: string[]
  connect(): void
  disconnect(): void
  reconnect(): void
  joinNote(noteId: string): void
  leaveNote(noteId: string): void
  sendNoteUpdate(noteId: string, changes: NoteChanges): void
  sendNoteCreated(note: NewNote & { id: string }): void
  sendNoteDeleted(noteId: string): void
  sendFolderCreated(folder: NewFolder & { id: string }): void
  sendFolderUpdated(folderId: string, changes: FolderChanges): void
  sendFolderDeleted(folderId: string): void
  clearError(): void
  getConnectionInfo(): { status: WebSocketStatusName; isConnected: boolean; isAuthenticated: boolean; lastSync: number | null; joinedNotes: number }
}

/**
 * The connection, in the words of Typelets' hook. Whatever is sent goes through the outbox: nothing is dropped while the
 * connection is down. Several components may use it; each has its own callbacks.
 */
export function useWebSocket(options: UseWebSocketOptions = {}): WebSocketResult {
  const client = useClient()
  const state = useReadable(client.connection)
  const [lastSync, setLastSync] = useState<number | null>(null)
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
        synced: () => setLastSync(Date.now()),
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
  const told = useRef<{ userId: string | null; sentence: string | null }>({ userId: null, sentence: null })
  useEffect(() => {
    if (userId === told.current.userId) return // mounted twice, as in StrictMode
    const connected = told.current.userId !== null
    told.current.userId = userId
    if (userId !== null) {
      latest.current.onConnect?.()
      latest.current.onAuthenticated?.(userId)
    } else if (connected) {
      latest.current.onDisconnect?.()
    }
  }, [userId])
  const code = codeOf(state)
  useEffect(() => {
    if (sentence === told.current.sentence) return
    told.current.sentence = sentence
    setCleared(null)
    if (sentence !== null) latest.current.onError?.({ message: sentence, ...(code === undefined ? {} : { code }) })
  }, [sentence, code])

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
