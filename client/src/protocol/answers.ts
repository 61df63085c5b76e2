import type { MergeConflict, Millis, ServerFolder, ServerNote } from './note.js'

/** A page of GET /api/notes. */
export interface NotesPage {
  readonly notes: readonly ServerNote[]
  /** `after` of the next page; null after the last. */
  readonly nextCursor: string | null
  /** The account's log when the list was read. */
  readonly cursor: string
  /** How many notes were looked at. */
  readonly searched?: number
  /** False: there are more notes than were looked at. */
  readonly complete?: boolean
}

/** A version of a note. */
export interface NoteVersion {
  readonly version: number
  readonly op: string
  /** For members only. */
  readonly author?: string
  readonly timestamp: Millis
  readonly title: string | null
  /** Names of the note's members. */
  readonly changed: readonly string[]
  /** Of the text, in bytes. */
  readonly size: number
  readonly mutationId?: string
  readonly baseVersion?: number
  readonly revertedFrom?: number
  readonly merged?: boolean
  readonly conflict?: MergeConflict
  /** As it was; in a page it is absent. */
  readonly note?: ServerNote
}

/** Versions that were made one soon after the other. */
export interface VersionGroup {
  readonly from: number
  readonly to: number
  readonly author?: string
  readonly begun: Millis
  readonly ended: Millis
  readonly versions: number
  readonly ops: readonly string[]
  readonly changed: readonly string[]
  readonly title: string | null
}

/** A page of a note's history. */
export interface HistoryPage {
  readonly versions?: readonly NoteVersion[]
  /** Of ?group, in place of versions. */
  readonly groups?: readonly VersionGroup[]
  /** `before` (or, ascending, `after`) of the next page; null after the last. */
  readonly next: number | null
}

/** What changed between two versions. */
export interface Diff {
  readonly from: number
  readonly to: number
  readonly fields: readonly { readonly name: string; readonly before: unknown; readonly after: unknown }[]
  readonly content?: { readonly hunks: readonly { readonly op: 'equal' | 'insert' | 'delete'; readonly text: string }[] }
  readonly blob?: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[]
}

/** How many notes there are of each kind. */
export interface Count {
  readonly all: number
  readonly starred: number
  readonly public: number
  readonly archived: number
  readonly hidden: number
  readonly trash: number
}

/** The account's, and each folder's. */
export interface Counts extends Count {
  readonly folders: Readonly<Record<string, Count>>
  /** False: there are more notes than were looked at. */
  readonly complete: boolean
}

/** GET /api/folders. */
export interface FoldersPage {
  readonly folders: readonly ServerFolder[]
  readonly cursor: string
}
