import type { Channel, Clock, Locks, Network, Storage, Visibility } from '../adapters.js'
import type { Problem } from '../protocol/errors.js'
import type { Mutation } from '../protocol/mutation.js'
import type { ConnectionState, NetworkReport, TransportName } from './network.js'

/** What `createClient` may be told. All may be left out. */
export interface ClientOptions {
  /** Base URL of the server, http or https; by default the page's origin. Without a page it is needed: `createClient` throws. */
  url?: string
  /**
   * Gives the token of who is signed in, anew whenever one is needed: it may live for a minute. Null: nobody is signed in.
   * Where it throws, it is asked again later. Absent: a server in local mode, without tokens. Section 11.
   */
  token?: () => Promise<string | null> | string | null
  /**
   * Who is signed in, where the token is no JWT with a `sub`. What a device keeps is kept for an account, and one account's
   * edits are never sent as another's.
   */
  account?: () => string | null
  /** Where notes and unsent edits are kept: IndexedDB in a page, else memory. */
  storage?: Storage
  /** Which tab leads: `navigator.locks` in a page, else memory. */
  locks?: Locks
  /** How tabs talk: `BroadcastChannel` in a page, else memory. */
  channel?: (name: string) => Channel
  /** Time and chance: the system's. */
  clock?: Clock
  /** How to reach the server, and whether the device is online: what the system has. */
  network?: Network
  /** Whether the page is looked at: the document, or else always. */
  visibility?: Visibility
  /** Which transports may be used, in order of preference. By default all but `eventsource`, best first. */
  transports?: readonly TransportName[]
  /**
   * After so many failures in a row it stops, until the network comes back, the page is looked at again, or `connect`.
   * Infinity by default: it never gives up by itself.
   */
  maxReconnectAttempts?: number
  /**
   * How long typing is gathered into one mutation, in milliseconds: 300 by default, 0 sends each edit. Whoever types on is
   * not waited for longer than twice that; for a text of over 64 Ki characters, as much longer as it is longer.
   */
  editDebounceMs?: number
  /** How much of the notes is kept on the device, in bytes, newest first: 50,000,000 by default. Unsent edits always are. */
  cacheBytes?: number
  /** Is told what happens, for analytics and logs. */
  onEvent?: (event: ClientEvent) => void
  /** See mutations before they are kept, the first one first. */
  middleware?: readonly Middleware[]
}

/**
 * Sees every mutation before it is kept, and may change it. It must call `next` with what it wants done before it returns; if
 * it does not, the mutation is dropped, and its promises reject with `discarded`. A `mutationId` is yet to be given: it is empty.
 */
export type Middleware = (mutation: Mutation, next: (mutation: Mutation) => void) => void

/** For analytics and logs. Has no text of notes. */
export type ClientEvent =
  /** The connection's state is another. */
  | { type: 'state'; state: ConnectionState }
  /** Another transport took over, without a gap. */
  | { type: 'switched'; from: TransportName; to: TransportName; why: string }
  /** Something was found out about the network. */
  | { type: 'measured'; report: NetworkReport }
  /** A ping was answered after `ms` milliseconds. */
  | { type: 'latency'; ms: number }
  /** Two edits met at one place. `fields` are names of the note's members. */
  | { type: 'conflict'; noteId: string; version: number; fields: readonly string[] }
  /** The server refused an edit. */
  | { type: 'refused'; mutationId: string; problem: Problem }
  /** The server has an edit, `ms` milliseconds after it was made. */
  | { type: 'acknowledged'; mutationId: string; ms: number }
  /** The log could not go on (section 1): the notes are listed anew. `reason` is the server's. */
  | { type: 'resync'; reason: string }
  /** This tab holds the connection from now on, or no longer. A later leader has a larger `fence`. */
  | { type: 'leader'; leads: boolean; fence: number }
  /** Something else did not work, such as storing. */
  | { type: 'problem'; problem: Problem }
