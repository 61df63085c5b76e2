import { useCallback, useEffect, useReducer, useState } from 'react'
import type { Client, Folder, NewNote, Note, NoteChanges } from '../src/index.js'
import { useClient } from './provider.js'
import { useNote } from './use-note.js'
import { useReadable } from './use-readable.js'
import { useWebSocket } from './use-websocket.js'
import type { WebSocketResult } from './use-websocket.js'

/** What `useNotes` answers. */
export interface NotesResult {
  /** Not in the trash, newest first. */
  notes: readonly Note[]
  trash: readonly Note[]
  folders: readonly Folder[]
  /** Null while none is selected, or once it is in the trash. */
  selectedNote: Note | null
  /** Selecting a note joins it: others in it are seen, and it leaves the one before. */
  selectNote(noteId: string | null): void
  /** The note, as soon as this device has it: also offline. */
  createNote(note?: NewNote): Promise<Note>
  /** Resolves when the edit is durable on this device (or, if that stores nothing, at the server); `note.saved` says when it is everywhere. */
  updateNote(noteId: string, changes: NoteChanges): Promise<void>
  /** Puts the note into the trash. */
  deleteNote(noteId: string): Promise<void>
  webSocket: WebSocketResult
  client: Client
}

/** All of the account's notes, one of them selected, and what can be done with them. */
export function useNotes(): NotesResult {
  const client = useClient()
  const notes = useReadable(client.notes)
  const trash = useReadable(client.trash)
  const folders = useReadable(client.folders)
  const webSocket = useWebSocket()
  const [selected, selectNote] = useState<string | null>(null)
  const known = useNote(selected)
  const selectedNote = known === undefined || known.deleted ? null : known

  const { joinNote, leaveNote } = webSocket
  const joined = selectedNote?.id
  useEffect(() => {
    if (joined === undefined) return
    joinNote(joined)
    return () => leaveNote(joined)
  }, [joined, joinNote, leaveNote])

  const [, shown] = useReducer((n: number) => n + 1, 0) // what is typed has to be shown before the event ends, or else the caret jumps
  const createNote = useCallback(
    async (note?: NewNote) => {
      const pending = client.createNote(note)
      pending.done.catch(() => {}) // a refusal is in the outbox
      await pending.stored.catch(() => {}) // a device that stores nothing sends it nevertheless
      const made = client.note(pending.noteId).get()
      return made ?? pending.done
    },
    [client],
  )
  const updateNote = useCallback(
    async (noteId: string, changes: NoteChanges) => {
      const pending = client.editNote(noteId, changes)
      shown()
      pending.done.catch(() => {})
      await pending.stored.catch(() => pending.done) // not durable here: then there
    },
    [client],
  )
  const deleteNote = useCallback(
    async (noteId: string) => {
      const pending = client.trashNote(noteId)
      pending.done.catch(() => {})
      await pending.stored.catch(() => pending.done) // not durable here: then there
    },
    [client],
  )
  return { notes, trash, folders, selectedNote, selectNote, createNote, updateNote, deleteNote, webSocket, client }
}
