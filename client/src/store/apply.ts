import { later } from '../protocol/cursor.js'
import type { Frame } from '../protocol/frames.js'
import type { ServerFolder, ServerNote } from '../protocol/note.js'
import type { ServerState } from './state.js'

/** What changes the server's state. */
export type StoreAction =
  | { readonly type: 'frame'; readonly frame: Frame }
  /** All notes and folders of the account, as they are at that cursor or later. */
  | { readonly type: 'listed'; readonly cursor: string; readonly notes: readonly ServerNote[]; readonly folders: readonly ServerFolder[] }
  /** A note that was read by itself, for an event without its text; undefined: it is not there. */
  | { readonly type: 'fetched'; readonly id: string; readonly cursor: string; readonly note: ServerNote | undefined }
  | { readonly type: 'restored'; readonly state: ServerState }

/**
 * What the server's state is after an action: the very same object if nothing changed. An event that is not newer than the
 * cursor is dropped; one that is moves the cursor together with its effect.
 */
export function apply(state: ServerState, action: StoreAction): ServerState {
  switch (action.type) {
    case 'restored':
      return action.state
    case 'listed':
      return {
        cursor: action.cursor, complete: true, truncated: new Map(),
        notes: new Map(action.notes.map(each => [each.id, each])),
        folders: new Map(action.folders.map(each => [each.id, each])),
      }
    case 'fetched':
      return fetched(state, action)
    case 'frame':
      return applyFrame(state, action.frame)
  }
}

function applyFrame(state: ServerState, frame: Frame): ServerState {
  if (!isEvent(frame) || !later(frame.cursor, state.cursor)) return state
  return { ...effect(state, frame), cursor: frame.cursor }
}

type Event = Extract<Frame, { cursor?: string }> & { cursor: string }

// Frames with a cursor that is none of an event: PROTOCOL.md, 1.1, says when theirs is kept.
const noEvents: readonly string[] = ['auth_success', 'resync', 'initial', 'create', 'update', 'revert', 'delete']

function isEvent(frame: Frame): frame is Event {
  return 'cursor' in frame && frame.cursor !== undefined && !noEvents.includes(frame.type)
}

function effect(state: ServerState, frame: Event): ServerState {
  switch (frame.type) {
    case 'note_created_sync':
      return withNote(state, frame.noteData, cutAt(frame))
    case 'note_sync':
      return withNote(state, frame.updatedNote, cutAt(frame))
    case 'note_update_success':
      return frame.updatedNote ? withNote(state, frame.updatedNote, cutAt(frame)) : without(state, frame.noteId)
    case 'note_deleted_sync':
      return frame.reason === 'trashed' ? trashed(state, frame.noteId, frame.version, frame.cursor) : without(state, frame.noteId)
    case 'mutation_ack':
      return acknowledged(state, frame)
    case 'folder_created_sync':
      return withFolder(state, frame.folderData)
    case 'folder_updated_sync':
      return withFolder(state, frame.updatedFolder)
    case 'folder_deleted_sync':
      return withoutFolder(state, frame.folderId)
  }
  return state // one that is not known: only its cursor counts
}

function acknowledged(state: ServerState, frame: Extract<Frame, { type: 'mutation_ack' }>): ServerState {
  if (frame.folder) return withFolder(state, frame.folder)
  if (frame.folderId !== undefined) return withoutFolder(state, frame.folderId)
  if (frame.updatedNote) return withNote(state, frame.updatedNote, cutAt(frame))
  return frame.noteId === undefined ? state : without(state, frame.noteId)
}

/** Where the event is whose text was left out. */
function cutAt(frame: Event & { truncated?: boolean }): string | undefined {
  return frame.truncated ? frame.cursor : undefined
}

/** An event shows the note as it was then. What is older than what a list has shown will be made good by what follows. */
function withNote(state: ServerState, note: ServerNote, cut?: string): ServerState {
  const had = state.notes.get(note.id)
  if (had && had.version > note.version) return state
  if (cut !== undefined) return { ...state, truncated: new Map(state.truncated).set(note.id, { version: note.version, cursor: cut }) }
  return { ...state, notes: new Map(state.notes).set(note.id, note), truncated: less(state.truncated, note.id) }
}

function trashed(state: ServerState, id: string, version: number, cursor: string): ServerState {
  const note = state.notes.get(id)
  const cut = state.truncated.has(id)
  if (note ? note.version > version : !cut) return state
  return {
    ...state,
    truncated: cut ? new Map(state.truncated).set(id, { version, cursor }) : state.truncated, // what is being read may not have it
    notes: note ? new Map(state.notes).set(id, { ...note, version: cut ? note.version : version, deleted: true }) : state.notes,
  }
}

/** What was read for an event is nothing when another one came meanwhile: it may not have that. */
function fetched(state: ServerState, { id, cursor, note }: Extract<StoreAction, { type: 'fetched' }>): ServerState {
  const from = state.truncated.get(id)
  if (from?.cursor !== cursor) return state
  if (!note) return without(state, id)
  return note.version < from.version ? state : withNote(state, note)
}

function without(state: ServerState, id: string): ServerState {
  if (!state.notes.has(id) && !state.truncated.has(id)) return state
  const notes = new Map(state.notes)
  notes.delete(id)
  return { ...state, notes, truncated: less(state.truncated, id) }
}

function less(map: ServerState['truncated'], id: string): ServerState['truncated'] {
  if (!map.has(id)) return map
  const next = new Map(map)
  next.delete(id)
  return next
}

function withFolder(state: ServerState, folder: ServerFolder): ServerState {
  return { ...state, folders: new Map(state.folders).set(folder.id, folder) }
}

function withoutFolder(state: ServerState, id: string): ServerState {
  const folders = new Map(state.folders)
  folders.delete(id)
  return { ...state, folders }
}
