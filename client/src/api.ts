// What a client can do, and what it shows.
export type * from './api/client.js'
export type * from './api/options.js'
export type * from './api/notes.js'
export type * from './api/outbox.js'
export type * from './api/network.js'
export type * from './api/text.js'
export type * from './api/presence.js'
export type * from './api/queries.js'
