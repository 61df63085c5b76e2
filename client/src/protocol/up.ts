import type { Mutation } from './mutation.js'
import type { NoteChanges } from './note.js'

/** A frame to the server, in the account dialect. */
export type UpFrame =
  | { type: 'auth'; token?: string; cursor?: string }
  | { type: 'join_note' | 'leave_note'; noteId: string }
  | ({ type: 'note_update'; noteId: string; mutationId?: string; changes: NoteChanges } & { baseVersion?: number; baseMutationId?: string; expectedVersion?: number })
  | { type: 'note_created'; mutationId?: string; noteData: object }
  | { type: 'note_deleted'; noteId: string; mutationId?: string }
  | { type: 'presence'; noteId: string; data: unknown }
  | { type: 'custom'; noteId: string; name: string; data: unknown }
  | { type: 'ping' }

/** The first frame of a WebSocket. */
export function authFrame(token: string | null, cursor: string | null): UpFrame {
  return { type: 'auth', ...(token === null ? {} : { token }), ...(cursor === null ? {} : { cursor }) }
}

/** The body of an operation's own route, without its name. */
export function bodyOf(m: Mutation): object {
  const { mutationId } = m
  switch (m.op) {
    case 'create':
      return { ...m.note, id: m.noteId, mutationId }
    case 'edit':
      return { mutationId, ...m.base, changes: m.changes }
    case 'organise':
      return { mutationId, fields: m.fields }
    case 'revert':
      return { mutationId, version: m.version, ...(m.kept ? { kept: true } : {}) }
    case 'share':
      return { mutationId, ...m.share }
    case 'folder_create':
      return { ...m.folder, id: m.folderId, mutationId }
    case 'folder_update':
      return { mutationId, changes: m.changes }
    default:
      return { mutationId }
  }
}

/** An item of POST /api/mutations. */
export function batchItem(m: Mutation): object {
  if (m.op === 'create') return { op: m.op, ...bodyOf(m) }
  if (m.op === 'folder_create') return { op: m.op, folderId: m.folderId, ...bodyOf(m), id: undefined }
  return { op: m.op, ...subjectMember(m), ...bodyOf(m) }
}

function subjectMember(m: Mutation): object {
  return 'noteId' in m ? { noteId: m.noteId } : { folderId: m.folderId }
}
