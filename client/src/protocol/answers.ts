import type { Member, MergeConflict, Millis, Role, ServerNote } from './note.js'

/** A page of a list of notes (section 20). */
export interface NotesPage {
  /** May be fewer than asked for, or none, and go on. */
  readonly notes: readonly ServerNote[]
  /** `after` of the next page; null after the last. */
  readonly nextCursor: string | null
  /** The account's log when the list was read. */
  readonly cursor: string
  /** Of a list in an order or of some notes: how many fit, apart from the text that is searched for. */
  readonly total?: number
  /** Of the same. False: the account has more notes than were looked at, which are the last that changed. */
  readonly complete?: boolean
}

/** A version of a note (section 20). */
export interface NoteVersion {
  /** Its number. */
  readonly version: number
  /** What made it, as `Operation` names it. */
  readonly op: string
  /** Who made it. For members only. */
  readonly author?: string
  /** When. */
  readonly timestamp: Millis
  /** As it was then. */
  readonly title: string | null
  /** Names of the note's members that changed. */
  readonly changed: readonly string[]
  /** Of the text, in bytes. */
  readonly size: number
  /** The mutation that made it. For members only. */
  readonly mutationId?: string
  /** The version that its author had seen, if that was said. */
  readonly baseVersion?: number
  /** Of a revert: the version it brought back. */
  readonly revertedFrom?: number
  /** It brought back what a conflict had kept beside that version. */
  readonly revertedKept?: boolean
  /** It was merged with what others had done since its base. */
  readonly merged?: boolean
  /** What it met at one place. */
  readonly conflict?: MergeConflict
  /** The note as it was. Only of a version that was asked for by itself. */
  readonly note?: ServerNote
}

/** Versions that one author made one soon after the other. */
export interface VersionGroup {
  /** The first version. */
  readonly from: number
  /** The last version. */
  readonly to: number
  /** Who made them. For members only. */
  readonly author?: string
  /** When the first was made. */
  readonly begun: Millis
  /** When the last was made. */
  readonly ended: Millis
  /** How many. */
  readonly versions: number
  /** What made them, as `Operation` names it. */
  readonly ops: readonly string[]
  /** Names of the note's members that changed in any of them. */
  readonly changed: readonly string[]
  /** Of the last. */
  readonly title: string | null
  /** Of a revert: as in a version. */
  readonly revertedFrom?: number
  /** It brought back what a conflict had kept beside that version. */
  readonly revertedKept?: boolean
  /** Of an edit that met another at one place; what gave way its version says. */
  readonly conflict?: Omit<MergeConflict, 'kept'>
}

/** A page of a note's history. */
export interface HistoryPage {
  /** In the order that was asked for. Absent where groups were asked for. */
  readonly versions?: readonly NoteVersion[]
  /** In place of `versions`, where groups were asked for. */
  readonly groups?: readonly VersionGroup[]
  /** `before` of the next page, or `after` with `direction: 'asc'`; null after the last. */
  readonly next: number | null
}

/** What changed between two versions (section 20). */
export interface Diff {
  /** The version compared with. */
  readonly from: number
  /** The version compared. */
  readonly to: number
  /** It is compared with what a conflict kept beside `to`. */
  readonly kept?: boolean
  /** Fields that have one value and differ; without `before` and `after` where one of them is longer than 1 KB. */
  readonly fields: readonly { readonly name: string; readonly before?: unknown; readonly after?: unknown }[]
  /** The text: `equal` and `delete` make the first, `equal` and `insert` the second. No hunks: it is the same. */
  readonly content: { readonly hunks: readonly DiffHunk[] }
  /** What differs in the blob, by JSON Pointer (RFC 6901); "" is the whole. Absent: it was not there, or is not any more. */
  readonly blob: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[]
  /** Who came, went, or got another role. For members only. */
  readonly members?: {
    readonly added: readonly Member[]
    readonly removed: readonly Member[]
    readonly changed: readonly { readonly userId: string; readonly before: Role; readonly after: Role }[]
  }
}

/** A part of two texts. */
export type DiffHunk =
  | { readonly op: 'equal' | 'insert' | 'delete'; readonly text: string }
  /** So many lines that are the same are left out: only where `context` was asked for. */
  | { readonly op: 'skip'; readonly lines: number }

/** How many notes there are of each kind. Those in the trash count only as `trash`, archived ones only as `archived`. */
export interface Count {
  /** Neither archived nor in the trash. */
  readonly all: number
  /** Of `all`, those with a star. */
  readonly starred: number
  /** Of `all`, those that anyone may read. */
  readonly public: number
  /** Archived, and not in the trash. */
  readonly archived: number
  /** Of `all`, those that are hidden. */
  readonly hidden: number
  /** In the trash. */
  readonly trash: number
}

/** How many notes the account has, and each folder without those below it. */
export interface Counts extends Count {
  /** By folder id. */
  readonly folders: Readonly<Record<string, Count>>
  /** False: there are more notes than were looked at. */
  readonly complete: boolean
}
