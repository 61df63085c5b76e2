/**
 * The types of the server's tRPC API, for `createTRPCReact<AppRouter>()` and `createTRPCClient<AppRouter>()` with `@trpc/server` 11.
 * Nothing here runs: the procedures are the server's, at `/api/v1`, without a transformer (section 22 of the
 * [protocol](../../../transport/PROTOCOL.md)).
 *
 * @module trpc
 */

import type { TRPCBuiltRouter, TRPCDefaultErrorShape, TRPCMutationProcedure, TRPCQueryProcedure } from '@trpc/server'

type Query<Input, Output> = TRPCQueryProcedure<{ input: Input; output: Output; meta: unknown }>
type Mutation<Input, Output> = TRPCMutationProcedure<{ input: Input & Idempotent; output: Output; meta: unknown }>

/** A mutation that is sent again under its mutationId has one effect, and the same answer. */
export interface Idempotent {
  mutationId?: string
}

/** A note without anybody's own fields. */
export interface Note {
  id: string
  version: number
  title: string | null
  blob: unknown
  /** Text, beside the blob. */
  content: string
  /** Milliseconds since 1970, as all times are. */
  createdAt: number
  updatedAt: number
  expiresAt: number | null
  collaborators: string[]
  roles: Record<string, 'read' | 'write'>
  /** The owner. */
  userId: string
  access: 'private' | 'public'
  templateId?: string
}

/** A version of a note. */
export interface HistoryEntry {
  version: number
  blob: unknown
  title: string | null
  timestamp: number
  meta: { revertedFrom: number } | null
  content: string
  op: string
  author?: string
}

/** A note in a list. */
export interface ListedNote {
  noteId: string
  title: string | null
  ownerUserId: string
  isOwned: boolean
  visibility: 'private' | 'public'
  version: number
  createdAt: number
  updatedAt: number
  lastAccessedAt: number
}

/** What a new note is given. */
export interface CreateNote {
  /** 1 to 64 of A-Z a-z 0-9 _ -; the server chooses one if there is none. */
  id?: string
  title?: string | null
  blob?: unknown
  content?: string
  /** Who may write besides the owner. */
  collaborators?: string[]
  /** Then the note is read-only. */
  expiresInHours?: number
  templateId?: string
}

/** An edit: what is absent stays as it is. */
export interface UpdateNote {
  id: string
  /** Null leaves it as it is. */
  title?: string | null
  /** Replaced as a whole; absent leaves it as it is. */
  blob?: unknown
  content?: string
  /** Refuses the update with CONFLICT if the note has another version. */
  expectedVersion?: number
  /** Accepted, and not kept. */
  meta?: unknown
}

/** Which notes, and in which order. */
export interface ListNotes {
  /** In titles, whatever the case of letters. */
  search?: string
  filter?: 'all' | 'owned' | 'shared'
  visibility?: 'all' | 'public' | 'private'
  sortBy?: 'lastAccessed' | 'lastUpdated' | 'alphabetical' | 'created'
  sortOrder?: 'desc' | 'asc'
  /** 1 to 50; 10 if absent. */
  limit?: number
  /** The nextCursor of the page before. */
  cursor?: string | null
}

/** Which part of a note's history. */
export interface GetHistory {
  id: string
  /** 1 to 100; 50 if absent. */
  limit?: number
  /** The nextCursor of the page before: a version. */
  cursor?: number | null
  direction?: 'desc' | 'asc'
}

/** What a refusal says besides tRPC's own code: `error.data.problem`. */
export interface Problem {
  code: string
  message: string
  reason?: string
  noteId?: string
  mutationId?: string
  retryAfterMs?: number
  errorId?: string
  /** The note as it is, where looking at it helps. */
  current?: Note
}

interface ErrorShape extends TRPCDefaultErrorShape {
  data: TRPCDefaultErrorShape['data'] & { problem?: Problem }
}

type Success = { success: true }

/** Every procedure of the server. */
export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: false },
  {
    createNote: Mutation<CreateNote, Note>
    updateNote: Mutation<UpdateNote, Note>
    revertToVersion: Mutation<{ id: string; version: number }, Note>
    /** Into the trash. */
    deleteNote: Mutation<{ id: string }, Success>
    toggleShare: Mutation<{ id: string }, Note>
    trackBoardAccess: Mutation<{ noteId: string }, Success>
    removeSharedBoard: Mutation<{ noteId: string }, Success>
    getNote: Query<{ id: string }, Note | null>
    listNotes: Query<ListNotes, { items: ListedNote[]; nextCursor: string | null; totalCount: number; complete: boolean }>
    getHistory: Query<GetHistory, { items: HistoryEntry[]; nextCursor: number | null }>
    getVersion: Query<{ id: string; version: number }, HistoryEntry | null>
  }
>
