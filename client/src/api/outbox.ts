import type { Problem } from '../protocol/errors.js'
import type { Mutation } from '../protocol/mutation.js'
import type { Millis } from '../protocol/note.js'

/** Where an edit is that is not settled. */
export type OutboxStatus =
  /** Still being gathered: what is typed next goes into it. */
  | 'draft'
  /** To be sent, in its turn. */
  | 'queued'
  /** Sent, not answered. */
  | 'sending'
  /** The server has it; its event is yet to come. `outbox` does not list it any more. */
  | 'acknowledged'
  /** Refused: it waits for `retry` or `discard`. */
  | 'refused'

/** An edit that is not settled. */
export interface OutboxItem {
  /** What is asked for, with its id. */
  readonly mutation: Mutation
  /** Where it is. */
  readonly status: OutboxStatus
  /** When it was made; what was typed into it later does not change that. */
  readonly createdAt: Millis
  /** How often it was sent. */
  readonly attempts: number
  /** Why it was refused, or not accepted at the last attempt. `problem.action` says what can be done. */
  readonly problem?: Problem
}

/** What this device has not handed to the server. */
export interface OutboxState {
  /** How many edits the server has not confirmed, refused ones too: the length of `items`. */
  readonly unsynced: number
  /** These edits, in their order. */
  readonly items: readonly OutboxItem[]
  /** Those that the server refused, and that need `retry` or `discard`. Later edits of the same note wait for them. */
  readonly refused: readonly OutboxItem[]
}

/**
 * A mutation on its way, that resolves to a `T`: the note, the folder, or nothing. Nobody has to wait for it, or catch what
 * it rejects with.
 */
export interface Pending<T> {
  /** The id it is sent under. Empty if a middleware dropped it. What is typed on within `editDebounceMs` has the same one. */
  readonly mutationId: string
  /** The note's, or the folder's. */
  readonly noteId: string
  /** Resolves when it is durable on this device. Rejects if the device does not store; it is sent nevertheless. */
  readonly stored: Promise<void>
  /**
   * Resolves when the server has confirmed it, with the note as this device shows it then: `version` is the server's once
   * its event is there. Rejects with a `NotewireError` when it is refused, or discarded.
   */
  readonly done: Promise<T>
}
