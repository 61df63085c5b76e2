/**
 * The client: no framework, browsers and Node 20 or later. `createClient` makes one; `Client` is all that it can do.
 *
 * Times are milliseconds since 1970; ids are 1 to 64 of `A-Z a-z 0-9 _ -`. Sections are those of the protocol,
 * transport/PROTOCOL.md.
 *
 * @module client
 */

export { createClient } from './client.js'
export { preload } from './parts.js'
export type * from './api.js'
export type * from './adapters.js'
export type { Readable } from './readable.js'
export { browser } from './browser/index.js'
export { memory, MemoryChannels, MemoryLocks, MemoryStorage } from './memory/index.js'
export { IndexedDbStorage } from './browser/indexeddb.js'
export { applyChanges, diff } from './text/diff.js'
export { subject } from './protocol/token.js'
export type * from './protocol/note.js'
export type * from './protocol/mutation.js'
export type * from './protocol/frames.js'
export type * from './protocol/answers.js'
export { NotewireError, errorCodes, problem } from './protocol/errors.js'
export type { ErrorCode, Problem, ProblemAction } from './protocol/errors.js'
