import type { Channel, Clock, Locks, Network, Storage, Visibility } from './adapters.js'
import type { Problem } from './protocol/errors.js'
import type { Frame } from './protocol/frames.js'
import type { Diff, Counts, HistoryPage, NoteVersion, NotesPage } from './protocol/answers.js'
import type { Mutation } from './protocol/mutation.js'
import type { FolderChanges, MergeConflict, Millis, NewFolder, NewNote, NoteChanges, NoteFields, ServerFolder, ServerNote, Share } from './protocol/note.js'
import type { Readable } from './readable.js'

/** The ways to reach the server, best first. `eventsource` is only tried where it is asked for. */
export type TransportName = 'websocket' | 'sse' | 'sse-padded' | 'eventsource' | 'poll'

/** What is on the screen, and not yet everywhere: `offline` is kept on the device until the network is back. */
export type Saved = 'saved' | 'saving' | 'offline' | 'refused'

/** A note as the user sees it: the server's, with one's own edits that it has not confirmed. */
export interface Note extends ServerNote {
  /** It has edits of this device that the server has not confirmed. */
  readonly pending: boolean
  readonly saved: Saved
}

/** A folder as the user sees it. */
export interface Folder extends ServerFolder {
  readonly pending: boolean
}

/** What the connection is doing, and why. */
export type ConnectionState =
  | { readonly name: 'idle' }
  | { readonly name: 'connecting'; readonly attempt: number; readonly transport?: TransportName }
  | {
      readonly name: 'connected'
      readonly transport: TransportName
      readonly userId: string
      readonly connectionId: string
      readonly since: Millis
      /** From a ping to its answer; null if it was not measured. */
      readonly latencyMs: number | null
      /** Whether this tab holds the connection, or another one for it. */
      readonly leader: boolean
    }
  | { readonly name: 'waiting'; readonly attempt: number; readonly retryAt: Millis; readonly reason: Problem }
  | { readonly name: 'offline' }
  | { readonly name: 'needs-auth'; readonly reason: Problem }
  | { readonly name: 'stopped'; readonly reason?: Problem }

/** Where an unconfirmed edit is. */
export type OutboxStatus = 'draft' | 'queued' | 'sending' | 'acknowledged' | 'refused'

/** An edit that is not settled. */
export interface OutboxItem {
  readonly mutation: Mutation
  readonly status: OutboxStatus
  readonly createdAt: Millis
  /** How often it was sent. */
  readonly attempts: number
  /** Why it was refused, or not accepted yet. `problem.action` says what can be done. */
  readonly problem?: Problem
}

/** What this device has not handed to the server. */
export interface OutboxState {
  /** Edits that the server has not confirmed, refused ones too. */
  readonly unsynced: number
  readonly items: readonly OutboxItem[]
  readonly refused: readonly OutboxItem[]
}

/** Two edits met at one place, and the server kept both. */
export interface Conflict extends MergeConflict {
  readonly noteId: string
  /** The version that the merge made; `kept(noteId, version)` reads the side that gave way. */
  readonly version: number
  readonly fromUserId?: string
  readonly at: Millis
  dismiss(): void
}

/** What was measured of one transport. */
export interface Measured {
  readonly ok: boolean
  /** Until the first message came, in milliseconds. */
  readonly ms?: number
  /** Bytes that something on the way holds back; Infinity: until the answer ends. */
  readonly holdBack?: number
  /** Why not, or what was seen. */
  readonly why?: string
}

/** What negotiation found out, for people and for metrics. */
export interface NetworkReport {
  /** Origin and kind of network, for which it is remembered. */
  readonly network: string
  /** Null: not known yet. */
  readonly chosen: TransportName | null
  /** Bytes of padding after each event. */
  readonly padding: number
  readonly measuredAt: Millis | null
  /** In one sentence. */
  readonly why: string
  readonly measured: { readonly [T in TransportName]?: Measured }
}

/** For analytics and logs. Has no text of notes. */
export type ClientEvent =
  | { type: 'state'; state: ConnectionState }
  | { type: 'switched'; from: TransportName; to: TransportName; why: string }
  | { type: 'measured'; report: NetworkReport }
  | { type: 'latency'; ms: number }
  | { type: 'conflict'; noteId: string; version: number; fields: readonly string[] }
  | { type: 'refused'; mutationId: string; problem: Problem }
  | { type: 'acknowledged'; mutationId: string; ms: number }
  | { type: 'resync'; reason: string }
  | { type: 'leader'; leads: boolean; fence: number }
  | { type: 'problem'; problem: Problem }

/** Sees every mutation before it is kept, and may change it; it must call `next` with what it wants done. */
export type Middleware = (mutation: Mutation, next: (mutation: Mutation) => void) => void

/** All may be left out. */
export interface ClientOptions {
  /** Base URL of the server, http or https; by default the page's origin. */
  url?: string
  /**
   * Gives the token of who is signed in, anew whenever one is needed: tokens may live for a minute. Null: nobody is signed in.
   * Absent: a server in local mode, without tokens.
   */
  token?: () => Promise<string | null> | string | null
  /**
   * Who is signed in, where the token is no JWT with a `sub`. What a device keeps is kept for an account, and one account's
   * edits are never sent as another's.
   */
  account?: () => string | null
  storage?: Storage
  locks?: Locks
  channel?: (name: string) => Channel
  clock?: Clock
  network?: Network
  visibility?: Visibility
  /** In order of preference. By default all but `eventsource`. */
  transports?: readonly TransportName[]
  /** Infinity by default: it never gives up by itself. */
  maxReconnectAttempts?: number
  /** How long typing is gathered into one mutation, in milliseconds: 300 by default, 0 sends each edit. */
  editDebounceMs?: number
  /** How much of the notes is kept on the device, in bytes, newest first: 50 MB by default. Unsent edits always are. */
  cacheBytes?: number
  onEvent?: (event: ClientEvent) => void
  middleware?: readonly Middleware[]
}

/** A mutation on its way. */
export interface Pending<T> {
  readonly mutationId: string
  /** The note's, or the folder's. */
  readonly noteId: string
  /** It is durable on this device. Rejects if the device does not store; it is sent nevertheless. */
  readonly stored: Promise<void>
  /**
   * The server has confirmed it; rejects with a NotewireError when it is refused for good. Nobody has to wait for it. What it
   * gives is the note as this device shows it then: its `version` is the server's as soon as its event is there.
   */
  readonly done: Promise<T>
}

/** A custom message of somebody who is present in a note. */
export interface CustomMessage {
  readonly noteId: string
  readonly name: string
  readonly data: unknown
  /** The sender's connection, if it has one. */
  readonly senderId?: string
  readonly fromUserId: string
  readonly timestamp: Millis
}

/** What somebody else shows in a note: a cursor, a name. */
export interface Presence {
  /** The connection; one person may have several. */
  readonly senderId: string
  readonly userId: string
  readonly data: unknown
}

/** The people in a note. */
export interface PresenceRoom {
  readonly others: Readable<readonly Presence[]>
  /** Shows something of one's own: at most 4 KB of JSON. It is shown until `leave`, or until the connection is gone for 30 s. */
  set(data: unknown): void
  leave(): void
}

/** A replacement, in positions of UTF-16 units of the text before all changes of its list. */
export interface TextChange {
  readonly from: number
  readonly to: number
  readonly insert: string
}

/** A text editor's side of one note. */
export interface TextSession {
  /** What the editor shows. */
  readonly value: string
  /** Tells of changes that others made, to be put into the editor. Returns what ends it. */
  onRemote(listener: (changes: readonly TextChange[], value: string) => void): () => void
  /** The editor changed: in order of position, not overlapping. */
  localChange(changes: readonly TextChange[]): Pending<Note>
  /** Sends what was typed at once. Resolves when the server has it. */
  flush(): Promise<void>
  /** Sends what was typed, and listens no more. */
  close(): void
}

/** Which part of a note's history. */
export interface HistoryOptions {
  limit?: number
  before?: number
  after?: number
  direction?: 'asc' | 'desc'
  /** Groups versions that were made within so many minutes. */
  group?: number
}

/** Which notes a list has. */
export interface SearchQuery {
  search?: string
  /** "none": in no folder. */
  folderId?: string
  starred?: boolean
  archived?: boolean
  hidden?: boolean
  deleted?: boolean
  type?: string
  tag?: string
  access?: 'private' | 'public'
  owned?: boolean
  sort?: 'updated' | 'created' | 'title' | 'accessed'
  direction?: 'asc' | 'desc'
  limit?: number
  /** `nextCursor` of the page before. */
  after?: string
}

/** Notes that stay in step with a server, over whatever the network lets through, also without one. */
export interface Client {
  readonly connection: Readable<ConnectionState>
  /** Not in the trash, newest first, with one's own unconfirmed edits. */
  readonly notes: Readable<readonly Note[]>
  readonly trash: Readable<readonly Note[]>
  readonly folders: Readable<readonly Folder[]>
  readonly outbox: Readable<OutboxState>
  /** As the server reported them, until they are dismissed. */
  readonly conflicts: Readable<readonly Conflict[]>
  readonly network: Readable<NetworkReport>
  /** What this device kept has been read. Whatever is called before then works as well. */
  readonly ready: Promise<void>
  note(id: string): Readable<Note | undefined>
  presence(noteId: string): PresenceRoom
  text(noteId: string): TextSession

  connect(): void
  /** Ends the connection, stores what is unsent, and lets another tab lead. The client can connect again. */
  close(): Promise<void>
  reconnect(): void
  /** Uses one transport alone; `auto` chooses again. */
  useTransport(transport: TransportName | 'auto'): void
  goOffline(): void
  goOnline(): void

  createNote(note?: NewNote): Pending<Note>
  editNote(id: string, changes: NoteChanges): Pending<Note>
  organise(id: string, fields: NoteFields): Pending<Note>
  trashNote(id: string): Pending<Note>
  restoreNote(id: string): Pending<Note>
  purgeNote(id: string): Pending<void>
  revertNote(id: string, version: number, options?: { kept?: boolean }): Pending<Note>
  shareNote(id: string, share: Share): Pending<Note>
  leaveNote(id: string): Pending<void>
  createFolder(folder: NewFolder): Pending<Folder>
  updateFolder(id: string, changes: FolderChanges): Pending<Folder>
  deleteFolder(id: string): Pending<void>

  history(id: string, options?: HistoryOptions): Promise<HistoryPage>
  version(id: string, version: number): Promise<NoteVersion>
  kept(id: string, version: number): Promise<{ version: number; note: ServerNote }>
  diff(id: string, from: number, to: number): Promise<Diff>
  search(query: string | SearchQuery): Promise<NotesPage>
  counts(): Promise<Counts>
  /** A request with the client's token; refusals reject with a NotewireError. */
  request(method: string, path: string, body?: unknown): Promise<unknown>

  /** Sends a custom message to all who are present in a note. Reaches those who are there now, if it reaches them. */
  send(noteId: string, name: string, data: unknown): void
  onCustom(listener: (message: CustomMessage) => void): () => void

  /** Gives up a refused edit. */
  discard(mutationId: string): void
  /** Sends a refused edit again; where somebody else had changed the same place, one's own side wins. */
  retry(mutationId: string): void
  /** Every frame from the server of that type, and `*` for all, after it was applied. Returns what ends it. */
  on<T extends Frame['type'] | '*'>(type: T, listener: (frame: T extends '*' ? Frame : Extract<Frame, { type: T }>) => void): () => void
}
