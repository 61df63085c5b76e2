import type { MergeConflict, Millis, ServerFolder, ServerNote } from '../protocol/note.js'

/** Where what the screen shows of a note has got to. */
export type Saved =
  /** The server has all of it. */
  | 'saved'
  /** It is on its way, or not durable on this device yet. */
  | 'saving'
  /** There is no connection. All of it is durable on this device, and sent as soon as there is one. */
  | 'offline'
  /** The server refused an edit: `outbox.refused` has it, and why. */
  | 'refused'

/** A note as the user sees it: the server's, with one's own edits that it has not confirmed. A new object when it changes. */
export interface Note extends ServerNote {
  /** It has edits of this device that the server has not confirmed. */
  readonly pending: boolean
  /** Where what is shown has got to. */
  readonly saved: Saved
}

/** A folder as the user sees it: the server's, with one's own changes that it has not confirmed. */
export interface Folder extends ServerFolder {
  /** It has changes of this device that the server has not confirmed. */
  readonly pending: boolean
}

/** Two edits met at one place, and the server kept both (section 16). It is listed on this device until it is dismissed. */
export interface Conflict extends MergeConflict {
  /** The note. */
  readonly noteId: string
  /** The version that the merge made; `kept(noteId, version)` reads the side that gave way. */
  readonly version: number
  /** Whose edit was merged, if that was said. */
  readonly fromUserId?: string
  /** When they met. */
  readonly at: Millis
  /** Takes it off the list, on this device. The note stays as it is. */
  dismiss(): void
}
