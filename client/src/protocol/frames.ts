import type { ErrorCode } from './errors.js'
import type { MergeConflict, Millis, ServerFolder, ServerNote } from './note.js'

/** Where an event has its place. */
interface Origin {
  readonly timestamp: Millis
  readonly fromUserId: string
  /** The place after it, in the account's log. */
  readonly cursor: string
  readonly mutationId: string
}

/** What the note's event says besides. */
interface NoteOrigin extends Origin {
  readonly noteId: string
  /** The note's, after it. */
  readonly version: number
}

/** That an edit was merged with what others did meanwhile. */
interface Merged {
  readonly merged?: boolean
  readonly conflict?: MergeConflict
  /** The note's bodies did not fit: read it by GET. */
  readonly truncated?: boolean
}

/** The members of a note that changed. */
export type NotePatch = Partial<ServerNote>

/** A frame of the account dialect, or the part that both dialects have in common. */
export type AccountFrame =
  | { readonly type: 'connection_established'; readonly message: string; readonly connectionId: string }
  | {
      readonly type: 'auth_success'
      readonly message: string
      readonly userId: string
      readonly cursor: string
      readonly connectionId: string
      readonly sessionSecret?: string
    }
  | { readonly type: 'auth_failed'; readonly message: string; readonly reason: string }
  | { readonly type: 'token_expiring'; readonly connectionId: string; readonly expiresAt: Millis; readonly inMs: number }
  | { readonly type: 'note_joined'; readonly noteId: string; readonly message: string }
  | { readonly type: 'note_left'; readonly noteId: string }
  | { readonly type: 'pong'; readonly timestamp: Millis }
  | ({ readonly type: 'note_created_sync'; readonly noteData: ServerNote; readonly truncated?: boolean } & NoteOrigin)
  | ({ readonly type: 'note_sync'; readonly changes: NotePatch; readonly updatedNote: ServerNote } & NoteOrigin & Merged)
  | ({ readonly type: 'note_deleted_sync'; readonly reason: string } & NoteOrigin)
  | ({ readonly type: 'note_update_success'; readonly noteId: string; readonly updatedNote?: ServerNote } & Confirmation & Merged)
  | ({
      readonly type: 'mutation_ack'
      readonly op: string
      readonly noteId?: string
      readonly folderId?: string
      readonly updatedNote?: ServerNote
      readonly folder?: ServerFolder
    } & Confirmation & Merged)
  | ({ readonly type: 'folder_created_sync'; readonly folderId: string; readonly folderData: ServerFolder } & Origin)
  | ({
      readonly type: 'folder_updated_sync'
      readonly folderId: string
      readonly changes: Partial<ServerFolder>
      readonly updatedFolder: ServerFolder
    } & Origin)
  | ({ readonly type: 'folder_deleted_sync'; readonly folderId: string } & Origin)
  | { readonly type: 'presence'; readonly noteId: string; readonly senderId: string; readonly userId: string; readonly data: unknown }
  | {
      readonly type: 'presence_state'
      readonly noteId: string
      readonly data: Readonly<Record<string, { readonly userId: string; readonly data: unknown }>>
    }
  | {
      readonly type: 'custom'
      /** Absent in the note dialect. */
      readonly noteId?: string
      readonly name: string
      readonly data: unknown
      /** Absent where it was posted without a connection. */
      readonly senderId?: string
      readonly fromUserId: string
      readonly timestamp: Millis
    }
  | { readonly type: 'resync'; readonly cursor: string; readonly reason: string }
  | { readonly type: 'reconnect'; readonly reason: string; readonly code: number; readonly retryAfterMs?: number }
  | {
      readonly type: 'error'
      readonly code: ErrorCode | (string & {})
      readonly message: string
      readonly reason?: string
      readonly mutationId?: string
      readonly noteId?: string
      readonly retryAfterMs?: number
      readonly current?: ServerNote
      readonly base?: ServerNote
    }

/** The sender's own event. */
interface Confirmation {
  readonly timestamp: Millis
  readonly version?: number
  readonly cursor: string
  readonly mutationId: string
}

/** What a note's own stream says of it. */
interface NoteEvent {
  readonly data: ServerNote
  readonly cursor: string
  readonly version: number
  readonly mutationId?: string
  readonly fromUserId?: string
}

/** A frame of the note dialect. Its notes have nobody's own fields. */
export type NoteFrame =
  | { readonly type: 'initial'; readonly data: ServerNote; readonly sessionId: string; readonly cursor: string; readonly version: number }
  | ({ readonly type: 'create' } & NoteEvent)
  | ({ readonly type: 'update' } & NoteEvent & Merged)
  | ({ readonly type: 'revert' } & NoteEvent)
  | {
      readonly type: 'delete'
      readonly data: { readonly id: string }
      readonly cursor: string
      readonly version: number
      readonly mutationId?: string
      readonly fromUserId?: string
    }
  | { readonly type: 'ephemeral'; readonly senderId: string; readonly userId?: string; readonly data: unknown }
  | { readonly type: 'ephemeral_state'; readonly data: Readonly<Record<string, unknown>> }

/** A frame that this client does not know, or that is not as it should be. Its cursor counts. */
export interface UnknownFrame {
  readonly type: 'unknown'
  /** As it says itself, if it does. */
  readonly was: string
  readonly cursor?: string
  readonly raw: unknown
}

/** What comes from the server. */
export type Frame = AccountFrame | NoteFrame | UnknownFrame
