import type { FolderChanges, NewFolder, NewNote, NoteChanges, NoteFields, Share } from './note.js'

/** What an edit was made on top of: a version, or one's own edit that may not have arrived yet. */
export interface Base {
  baseVersion?: number
  baseMutationId?: string
  expectedVersion?: number
}

/** What is asked of the server, with everything but its id. `noteId` and `folderId` are always known: clients choose ids. */
export type Operation =
  | { op: 'create'; noteId: string; note: NewNote }
  | { op: 'edit'; noteId: string; changes: NoteChanges; base?: Base }
  | { op: 'organise'; noteId: string; fields: NoteFields }
  | { op: 'revert'; noteId: string; version: number; kept?: boolean }
  | { op: 'share'; noteId: string; share: Share }
  | { op: 'trash' | 'restore' | 'purge' | 'leave'; noteId: string }
  | { op: 'folder_create'; folderId: string; folder: NewFolder }
  | { op: 'folder_update'; folderId: string; changes: FolderChanges }
  | { op: 'folder_delete'; folderId: string }

/** An operation with its id: whatever is sent again under that id has one effect and one answer, for 400 days. */
export type Mutation = Operation & { mutationId: string }
