import type { Millis } from '../protocol/note.js'
import type { Readable } from '../readable.js'

/** A message of an app's own, from somebody who is present in a note (section 19). */
export interface CustomMessage {
  /** The note that it was sent in. */
  readonly noteId: string
  /** What the sender called it. */
  readonly name: string
  /** Any JSON. */
  readonly data: unknown
  /** The sender's connection, if it has one. */
  readonly senderId?: string
  /** Who sent it. */
  readonly fromUserId: string
  /** When the server had it. */
  readonly timestamp: Millis
}

/** Somebody else in a note, and what they show: a cursor, a name (section 19). */
export interface Presence {
  /** The connection; one person may have several. */
  readonly senderId: string
  /** Who it is. */
  readonly userId: string
  /** What they show: any JSON. Others may send anything, so look at it before it is used. */
  readonly data: unknown
}

/** The people in a note (section 19). Nothing of it is kept; after a reconnect the client joins and shows again by itself. */
export interface PresenceRoom {
  /** Who else is there and shows something. Empty until `set` has joined the note, and while there is no connection. */
  readonly others: Readable<readonly Presence[]>
  /**
   * Joins the note, and shows something of one's own: at most 4 KB of JSON; null joins and shows nothing. It is shown until
   * `leave`, or until the connection has been gone for 30 s.
   */
  set(data: unknown): void
  /** Shows nothing any more, and sees nobody. */
  leave(): void
}
