import type { ServerFolder, ServerNote } from '../protocol/note.js'

/** What the server has said, up to a cursor. Never changed in place. */
export interface ServerState {
  /** The place in the account's log up to which this goes; null: nothing is known yet. */
  readonly cursor: string | null
  /** Every note of the account is here. If not, they have to be listed before events mean anything. */
  readonly complete: boolean
  /** In the trash too. */
  readonly notes: ReadonlyMap<string, ServerNote>
  readonly folders: ReadonlyMap<string, ServerFolder>
  /**
   * Notes whose text did not fit into their event, and which event that was: they have to be read by GET. Until then they are
   * in `notes` as they were before, or not at all: an edit has to say on which version its text was made.
   */
  readonly truncated: ReadonlyMap<string, { readonly version: number; readonly cursor: string }>
}

/** Nothing. */
export const emptyState: ServerState = { cursor: null, complete: false, notes: new Map(), folders: new Map(), truncated: new Map() }
