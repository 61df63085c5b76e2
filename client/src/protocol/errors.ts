import type { ServerNote } from './note.js'

/** What can be done about a problem, and what becomes of an edit that has it (section 2.1). */
export type ProblemAction =
  /** It is sent again by itself, under the same id. */
  | 'retry'
  /** It is sent again with a fresh token; the user may have to sign in. */
  | 'sign-in'
  /** Its id is taken. That of a mutation is renewed by itself; a note is made under another id by `retry`. */
  | 'renew'
  /** Somebody else changed the same place; `current` is the note as it is. `retry` keeps one's own side, `discard` theirs. */
  | 'choose'
  /** It has no place there any more. Its text can go into a new note. */
  | 'copy'
  /** Sent again it is refused again: it has to be made smaller, or otherwise right. */
  | 'change'
  /** Nobody can do anything about it but know. */
  | 'show'

/**
 * The server's codes (section 6), and the client's own: `network` (no answer of Notewire's came), `storage` (this device does not
 * store), `discarded`, `closed`, and `other_account` (somebody else has signed in).
 */
export type ErrorCode =
  | 'invalid_json' | 'duplicate_key' | 'bad_utf8' | 'trailing_data' | 'wrong_type' | 'missing_member' | 'unknown_type' | 'too_deep'
  | 'unknown_member' | 'wrong_content_type' | 'invalid' | 'unauthenticated' | 'forbidden' | 'not_found' | 'method_not_allowed'
  | 'version_mismatch' | 'conflict' | 'base_gone' | 'note_expired' | 'note_exists' | 'mutation_reused' | 'purged' | 'version_thinned'
  | 'too_large' | 'limit_exceeded' | 'skipped' | 'rate_limited' | 'unavailable' | 'internal'
  // the client's own
  | 'network' | 'storage' | 'discarded' | 'closed' | 'other_account'

interface Meaning {
  /** For people. */
  readonly sentence: string
  readonly action: ProblemAction
}

const malformed: Meaning = { sentence: 'The server did not understand this change.', action: 'change' }

const meanings: Readonly<Record<ErrorCode, Meaning>> = {
  invalid_json: malformed,
  duplicate_key: malformed,
  bad_utf8: malformed,
  trailing_data: malformed,
  wrong_type: malformed,
  missing_member: malformed,
  unknown_type: malformed,
  too_deep: malformed,
  unknown_member: malformed,
  wrong_content_type: malformed,
  method_not_allowed: malformed,
  invalid: { sentence: 'The server cannot accept this change.', action: 'change' },
  unauthenticated: { sentence: 'Please sign in again.', action: 'sign-in' },
  forbidden: { sentence: 'You may not do this with this note.', action: 'copy' },
  not_found: { sentence: 'This note is no longer there.', action: 'copy' },
  purged: { sentence: 'This note was deleted for good.', action: 'copy' },
  note_expired: { sentence: 'This note has expired and can only be read.', action: 'copy' },
  version_mismatch: { sentence: 'Somebody else has changed this note.', action: 'choose' },
  conflict: { sentence: 'This change does not fit the current state.', action: 'choose' },
  base_gone: { sentence: 'This note has changed too much since you edited it.', action: 'choose' },
  version_thinned: { sentence: 'This version is no longer kept.', action: 'show' },
  note_exists: { sentence: 'There is a note with this id already.', action: 'renew' },
  mutation_reused: { sentence: 'This change has the id of another one.', action: 'renew' },
  too_large: { sentence: 'This is too large to be saved.', action: 'change' },
  limit_exceeded: { sentence: 'A limit has been reached.', action: 'change' },
  skipped: { sentence: 'This waits for an earlier change of the same note.', action: 'retry' },
  rate_limited: { sentence: 'Too many changes at once; they will be sent a little later.', action: 'retry' },
  unavailable: { sentence: 'The server is not available; trying again.', action: 'retry' },
  internal: { sentence: 'The server had a problem; trying again.', action: 'retry' },
  network: { sentence: 'The server cannot be reached; trying again.', action: 'retry' },
  storage: { sentence: 'This device does not store changes; keep the page open until they are sent.', action: 'show' },
  discarded: { sentence: 'This change was discarded.', action: 'show' },
  closed: { sentence: 'The connection was closed.', action: 'show' },
  other_account: { sentence: 'You are signed in with another account.', action: 'sign-in' },
}

/** Why something was refused or did not work (section 6). */
export interface Problem {
  /** Which problem it is. */
  readonly code: ErrorCode
  /** For people, in English. */
  readonly sentence: string
  /** What can be done about it. */
  readonly action: ProblemAction
  /** For logs: the server's own words. */
  readonly message: string
  /** The HTTP status, if there was one. */
  readonly status?: number
  /** A code that this client does not know; `code` is then what its status means. */
  readonly unknownCode?: string
  /** A detail for developers. */
  readonly reason?: string
  /** The mutation that was refused. */
  readonly mutationId?: string
  /** The note it was about. */
  readonly noteId?: string
  /** How long to wait before it is sent again, in milliseconds. */
  readonly retryAfterMs?: number
  /** The note as it is, where that is why. */
  readonly current?: ServerNote
  /** The note as it was before the edit, where the client has to merge. */
  readonly base?: ServerNote
}

/** What promises reject with: a refusal, or a failure. Its `message` is for logs; people are shown `problem.sentence`. */
export class NotewireError extends Error {
  override readonly name = 'NotewireError'
  /** What went wrong, and what can be done. */
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.message || problem.sentence)
    this.problem = problem
  }
}

const byStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid', 401: 'unauthenticated', 403: 'forbidden', 404: 'not_found', 405: 'method_not_allowed', 408: 'network', 409: 'conflict',
  410: 'purged', 413: 'too_large', 415: 'wrong_content_type', 422: 'limit_exceeded', 424: 'skipped', 425: 'unavailable', 429: 'rate_limited',
}

/** The code that an HTTP status stands for where a body has none that is known. */
export function codeOfStatus(status: number): ErrorCode {
  return byStatus[status] ?? (status >= 500 ? (status === 500 ? 'internal' : 'unavailable') : 'invalid')
}

/** Whether this client knows a code by name. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(meanings, code)
}

/** Makes a problem of a code, with what it means to people: for adapters and tests. */
export function problem(code: ErrorCode, message = '', more: Partial<Problem> = {}): Problem {
  return { ...meanings[code], ...more, code, message }
}

/** All codes, for tables and tests. */
export const errorCodes = Object.keys(meanings) as readonly ErrorCode[]
