import type { ErrorCode } from './errors.js'
import type { MergeConflict, Millis, ServerFolder, ServerNote } from './note.js'

/**
 * Where an event has its place.
 *
 * @inline
 */
interface Origin {
  readonly timestamp: Millis
  readonly fromUserId: string
  /** The place after it, in the account's log. */
  readonly cursor: string
  readonly mutationId: string
}

/**
 * What the note's event says besides.
 *
 * @inline
 */
interface NoteOrigin extends Origin {
  readonly noteId: string
  /** The note's, after it. */
  readonly version: number
}

/**
 * That an edit was merged with what others did meanwhile.
 *
 * @inline
 */
interface Merged {
  readonly merged?: boolean
  readonly conflict?: MergeConflict
  /** The note's bodies did not fit: read it by GET. */
  readonly truncated?: boolean
}

/** The members of a note that changed, and `updatedAt`. */
export type NotePatch = Partial<ServerNote>

/**
 * A frame of the account dialect, in which the client speaks (section 3). `cursor` is the place in the account's log after it,
 * `mutationId` the edit that made it, `fromUserId` whose edit that was.
 */
export type AccountFrame =
  /** A WebSocket is open. */
  | { readonly type: 'connection_established'; readonly message: string; readonly connectionId: string }
  /** Signed in. */
  | {
      readonly type: 'auth_success'
      readonly message: string
      readonly userId: string
      readonly cursor: string
      readonly connectionId: string
      readonly sessionSecret?: string
    }
  /** Not signed in: `reason` is `token-expired`, `auth-failed` or `signed-out`. */
  | { readonly type: 'auth_failed'; readonly message: string; readonly reason: string }
  /** The token runs out in `inMs` milliseconds (section 11). The client shows a fresh one by itself. */
  | { readonly type: 'token_expiring'; readonly connectionId: string; readonly expiresAt: Millis; readonly inMs: number }
  /** This connection is present in a note. */
  | { readonly type: 'note_joined'; readonly noteId: string; readonly message: string }
  /** It is no longer. */
  | { readonly type: 'note_left'; readonly noteId: string }
  /** A ping was answered, at that time of the server's clock. */
  | { readonly type: 'pong'; readonly timestamp: Millis }
  /** A note came into sight: created, restored, or shared with the account. */
  | ({ readonly type: 'note_created_sync'; readonly noteData: ServerNote; readonly truncated?: boolean } & NoteOrigin)
  /** A note changed, or one's own fields of it. */
  | ({ readonly type: 'note_sync'; readonly changes: NotePatch; readonly updatedNote: ServerNote } & NoteOrigin & Merged)
  /** A note went out of sight: `reason` is `trashed`, `purged` or `access_lost`. */
  | ({ readonly type: 'note_deleted_sync'; readonly reason: string } & NoteOrigin)
  /** The confirmation of an edit that this connection sent. */
  | ({ readonly type: 'note_update_success'; readonly noteId: string; readonly updatedNote?: ServerNote } & Confirmation & Merged)
  /** The confirmation of anything else that it sent; `op` is as in `Operation`. */
  | ({
      readonly type: 'mutation_ack'
      readonly op: string
      readonly noteId?: string
      readonly folderId?: string
      readonly updatedNote?: ServerNote
      readonly folder?: ServerFolder
    } & Confirmation & Merged)
  /** A folder was made. */
  | ({ readonly type: 'folder_created_sync'; readonly folderId: string; readonly folderData: ServerFolder } & Origin)
  /** A folder changed. */
  | ({
      readonly type: 'folder_updated_sync'
      readonly folderId: string
      readonly changes: Partial<ServerFolder>
      readonly updatedFolder: ServerFolder
    } & Origin)
  /** A folder is gone. */
  | ({ readonly type: 'folder_deleted_sync'; readonly folderId: string } & Origin)
  /** What somebody shows in a note; null: nothing any more. */
  | { readonly type: 'presence'; readonly noteId: string; readonly senderId: string; readonly userId: string; readonly data: unknown }
  /** What all show, by connection: comes after `note_joined`, if anybody shows anything. */
  | {
      readonly type: 'presence_state'
      readonly noteId: string
      readonly data: Readonly<Record<string, { readonly userId: string; readonly data: unknown }>>
    }
  /** A message of an app's own. */
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
  /** The log does not go on from the client's cursor (section 1). */
  | { readonly type: 'resync'; readonly cursor: string; readonly reason: string }
  /** The server ends the connection; the client comes back (section 7). */
  | { readonly type: 'reconnect'; readonly reason: string; readonly code: number; readonly retryAfterMs?: number }
  /** Something was refused (section 6). */
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

/**
 * The sender's own event.
 *
 * @inline
 */
interface Confirmation {
  readonly timestamp: Millis
  readonly version?: number
  readonly cursor: string
  readonly mutationId: string
}

/**
 * What a note's own stream says of it.
 *
 * @inline
 */
interface NoteEvent {
  readonly data: ServerNote
  readonly cursor: string
  readonly version: number
  readonly mutationId?: string
  readonly fromUserId?: string
}

/**
 * A frame of the note dialect (section 4), for those who open a note's own stream; the client does not. Its notes have
 * nobody's own fields.
 */
export type NoteFrame =
  /** The note, as it is. */
  | { readonly type: 'initial'; readonly data: ServerNote; readonly sessionId: string; readonly cursor: string; readonly version: number }
  /** It was made. */
  | ({ readonly type: 'create' } & NoteEvent)
  /** It changed. */
  | ({ readonly type: 'update' } & NoteEvent & Merged)
  /** It went back to an earlier version. */
  | ({ readonly type: 'revert' } & NoteEvent)
  /** It went into the trash, or for good. */
  | {
      readonly type: 'delete'
      readonly data: { readonly id: string }
      readonly cursor: string
      readonly version: number
      readonly mutationId?: string
      readonly fromUserId?: string
    }
  /** What somebody shows in it; null: nothing any more. */
  | { readonly type: 'ephemeral'; readonly senderId: string; readonly userId?: string; readonly data: unknown }
  /** What all show, by connection. */
  | { readonly type: 'ephemeral_state'; readonly data: Readonly<Record<string, unknown>> }

/** A frame that this client does not know, or that is not as it should be (section 14). Its cursor counts. */
export interface UnknownFrame {
  /** Not the frame's own. */
  readonly type: 'unknown'
  /** Its type, as it says itself; empty if it does not. `poll` is how far a poll went. */
  readonly was: string
  /** The place after it, if it has one. */
  readonly cursor?: string
  /** What came. */
  readonly raw: unknown
}

/** What comes from the server, by `type`. One example of each is in section 15. */
export type Frame = AccountFrame | NoteFrame | UnknownFrame
