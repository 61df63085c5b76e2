import type { FolderChanges, NewFolder, NewNote, NoteChanges, NoteFields, Share } from './note.js'

/** What an edit was made on, so that the server can merge it (section 16). The client says it by itself. */
export interface Base {
  /** The version that was on the screen. */
  baseVersion?: number
  /** One's own edit, which may not have arrived yet. */
  baseMutationId?: string
  /** Strict: another version at the server refuses the edit with `version_mismatch`. */
  expectedVersion?: number
}

/** What is asked of the server, by `op`. Ids of notes and folders are chosen by the client, so they are always known. */
export type Operation =
  /** A new note. */
  | { op: 'create'; noteId: string; note: NewNote }
  /** A change of a note; `base` is what it was made on. */
  | { op: 'edit'; noteId: string; changes: NoteChanges; base?: Base }
  /** A change of one's own fields. */
  | { op: 'organise'; noteId: string; fields: NoteFields }
  /** Back to a version, or with `kept` to what a conflict kept beside it. */
  | { op: 'revert'; noteId: string; version: number; kept?: boolean }
  /** Another access, other members, another owner. */
  | { op: 'share'; noteId: string; share: Share }
  /** Into the trash, out of it, out of it for good; out of somebody else's note. */
  | { op: 'trash' | 'restore' | 'purge' | 'leave'; noteId: string }
  /** A new folder. */
  | { op: 'folder_create'; folderId: string; folder: NewFolder }
  /** A change of a folder. */
  | { op: 'folder_update'; folderId: string; changes: FolderChanges }
  /** A folder goes; its notes stay. */
  | { op: 'folder_delete'; folderId: string }

/** An operation with its id: whatever is sent again under that id has one effect and one answer, for 400 days (section 2). */
export type Mutation = Operation & { mutationId: string }
