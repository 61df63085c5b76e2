/**
 * The types of the server's tRPC API, for `createTRPCReact<AppRouter>()` and `createTRPCClient<AppRouter>()` with `@trpc/server` 11.
 * Nothing here runs: the procedures are the server's, at `/api/v1`, without a transformer (section 22 of transport/PROTOCOL.md).
 *
 * @module trpc
 */

import type { TRPCBuiltRouter, TRPCDefaultErrorShape, TRPCMutationProcedure, TRPCQueryProcedure } from '@trpc/server'

type Query<Input, Output> = TRPCQueryProcedure<{ input: Input; output: Output; meta: unknown }>
type Mutation<Input, Output> = TRPCMutationProcedure<{ input: Input & Idempotent; output: Output; meta: unknown }>

/** What every mutation's input may have (section 2). */
export interface Idempotent {
  /** Sent again under the same id, it has one effect and the same answer, for 400 days. */
  mutationId?: string
}

/** A note without anybody's own fields. Limits are in section 8. */
export interface Note {
  /** 1 to 64 of `A-Z a-z 0-9 _ -`. */
  id: string
  /** 1, 2, 3, … without a gap. */
  version: number
  /** Null: none. */
  title: string | null
  /** Any JSON. */
  blob: unknown
  /** Text, beside the blob. */
  content: string
  /** When it was made: milliseconds since 1970, as all times are. */
  createdAt: number
  /** When it last changed. */
  updatedAt: number
  /** From then on it can only be read; null: never. */
  expiresAt: number | null
  /** The members besides the owner; empty for who is not one. */
  collaborators: string[]
  /** What these may do. */
  roles: Record<string, 'read' | 'write'>
  /** The owner. */
  userId: string
  /** Public: anyone may read it. */
  access: 'private' | 'public'
  /** What it was made from. */
  templateId?: string
}

/** A version of a note. */
export interface HistoryEntry {
  /** Its number. */
  version: number
  /** As it was then. */
  blob: unknown
  /** As it was then. */
  title: string | null
  /** When it was made. */
  timestamp: number
  /** Of a revert: the version it brought back; else null. */
  meta: { revertedFrom: number } | null
  /** As it was then. */
  content: string
  /** What made it: `create`, `edit`, `revert`, … */
  op: string
  /** Who made it. For members only. */
  author?: string
}

/** A note in a list, without its text. */
export interface ListedNote {
  /** Its id. */
  noteId: string
  /** Null: none. */
  title: string | null
  /** The owner. */
  ownerUserId: string
  /** Whether that is the caller. */
  isOwned: boolean
  /** Public: anyone may read it. */
  visibility: 'private' | 'public'
  /** Its newest. */
  version: number
  /** When it was made. */
  createdAt: number
  /** When it last changed. */
  updatedAt: number
  /** When the caller last opened it, as far as `trackBoardAccess` said so. */
  lastAccessedAt: number
}

/** Input of `createNote`. */
export interface CreateNote {
  /** 1 to 64 of `A-Z a-z 0-9 _ -`; the server chooses one if there is none. */
  id?: string
  /** At most 500 characters; null or absent: none. */
  title?: string | null
  /** Any JSON, at most 1 MiB. */
  blob?: unknown
  /** Text, at most 1 MiB. */
  content?: string
  /** Who may write besides the owner. */
  collaborators?: string[]
  /** After so many hours the note can only be read: above 0, up to 87,600; 0 or absent: never. */
  expiresInHours?: number
  /** What it is made from. */
  templateId?: string
}

/** Input of `updateNote`: what is absent stays as it is. */
export interface UpdateNote {
  /** The note's. */
  id: string
  /** Null leaves it as it is. */
  title?: string | null
  /** Replaced as a whole; absent leaves it as it is. */
  blob?: unknown
  /** The text as a whole; absent leaves it as it is. */
  content?: string
  /** Refuses the update with CONFLICT if the note has another version. */
  expectedVersion?: number
  /** Accepted, and not kept. */
  meta?: unknown
}

/** Input of `listNotes`: which notes, and in which order. */
export interface ListNotes {
  /** Text in titles, whatever the case of letters; at most 100 characters. */
  search?: string
  /** Whose: `all` if absent. */
  filter?: 'all' | 'owned' | 'shared'
  /** `all` if absent. */
  visibility?: 'all' | 'public' | 'private'
  /** `lastAccessed` if absent. */
  sortBy?: 'lastAccessed' | 'lastUpdated' | 'alphabetical' | 'created'
  /** `desc` if absent. */
  sortOrder?: 'desc' | 'asc'
  /** 1 to 50; 10 if absent. */
  limit?: number
  /** The nextCursor of the page before. */
  cursor?: string | null
}

/** Input of `getHistory`: which part of a note's history. */
export interface GetHistory {
  /** The note's. */
  id: string
  /** 1 to 100; 50 if absent. */
  limit?: number
  /** The nextCursor of the page before: a version. */
  cursor?: number | null
  /** Newest first (`desc`) if absent. */
  direction?: 'desc' | 'asc'
}

/** What a refusal says besides tRPC's own code: `error.data.problem` (section 6). */
export interface Problem {
  /** Which problem it is. */
  code: string
  /** A sentence for people. */
  message: string
  /** A detail for developers. */
  reason?: string
  /** The note it is about. */
  noteId?: string
  /** The mutation that was refused. */
  mutationId?: string
  /** How long to wait, in milliseconds. */
  retryAfterMs?: number
  /** Names a line in the server's log. */
  errorId?: string
  /** The note as it is, where looking at it helps. */
  current?: Note
}

interface ErrorShape extends TRPCDefaultErrorShape {
  data: TRPCDefaultErrorShape['data'] & { problem?: Problem }
}

/** @inline */
type Success = { success: true }

/**
 * Every procedure of the server: `Query` and `Mutation` have the input first, then the output. A mutation's input may have
 * a `mutationId`.
 */
export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: false },
  {
    /** Makes a note. */
    createNote: Mutation<CreateNote, Note>
    /** Changes what it names. `CONFLICT` where `expectedVersion` is another. */
    updateNote: Mutation<UpdateNote, Note>
    /** Makes a new version with the text of an earlier one. `BAD_REQUEST` where there is none. */
    revertToVersion: Mutation<{ id: string; version: number }, Note>
    /** Puts a note into the trash. */
    deleteNote: Mutation<{ id: string }, Success>
    /** Makes a private note public, and a public one private. */
    toggleShare: Mutation<{ id: string }, Note>
    /** Says that a note was opened: a public one of somebody else's is in `listNotes` from then on. */
    trackBoardAccess: Mutation<{ noteId: string }, Success>
    /** Takes somebody else's note out of the list; a member leaves it. `BAD_REQUEST` for the owner. */
    removeSharedBoard: Mutation<{ noteId: string }, Success>
    /** A note; null if there is none, or it is in the trash. */
    getNote: Query<{ id: string }, Note | null>
    /** A page of the account's notes, and of public ones that it opened; `complete` is false where not all were looked at. */
    listNotes: Query<ListNotes, { items: ListedNote[]; nextCursor: string | null; totalCount: number; complete: boolean }>
    /** A page of a note's versions. */
    getHistory: Query<GetHistory, { items: HistoryEntry[]; nextCursor: number | null }>
    /** One version; null if there is none, or none any more. */
    getVersion: Query<{ id: string; version: number }, HistoryEntry | null>
  }
>
