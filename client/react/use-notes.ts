import { useCallback, useEffect, useReducer, useState } from 'react'
import type { Client, Folder, NewNote, Note, NoteChanges } from '../src/index.js'
import { useClient } from './provider.js'
import { useNote } from './use-note.js'
import { useReadable } from './use-readable.js'
import { useWebSocket } from './use-websocket.js'
import type { WebSocketResult } from './use-websocket.js'

/** What `useNotes` gives. The functions stay the same between renders. */
export interface NotesResult {
  /** Not in the trash, newest first. */
  notes: readonly Note[]
  /** Those in the trash, newest first. */
  trash: readonly Note[]
  /** By their `order`, then by name. */
  folders: readonly Folder[]
  /** Null while none is selected, or once it is in the trash. */
  selectedNote: Note | null
  /** Selects a note, or none. It joins the note, so that others there are seen, and leaves the one before. */
  selectNote(noteId: string | null): void
  /**
   * Resolves to the new note as soon as this device has it, also offline. Rejects only where it cannot be shown and the
   * server refuses it.
   */
  createNote(note?: NewNote): Promise<Note>
  /**
   * Edits a note: shown before the call returns. Resolves when the edit is durable on this device, or, if that stores
   * nothing, at the server, whose refusal it then rejects with. `note.saved` says when it is everywhere.
   */
  updateNote(noteId: string, changes: NoteChanges): Promise<void>
  /** Puts a note into the trash. Resolves as `updateNote` does. */
  deleteNote(noteId: string): Promise<void>
  /** The connection, as `useWebSocket` has it. */
  webSocket: WebSocketResult
  /** The client, for all else. */
  client: Client
}

/**
 * All of the account's notes, one of them selected, and what can be done with them. Connects the page's client if there is
 * no provider.
 */
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
