import { createClient } from '../src/index.js'
import type { Client, ClientOptions, FolderChanges, Frame, NewFolder, NewNote, NoteChanges } from '../src/index.js'
import { watchConnection } from '../react/connection-events.js'
import type { ConnectionHandlers } from '../react/connection-events.js'
import { enterRoom } from '../react/rooms.js'
import type { Seat } from '../react/rooms.js'
import { attemptsOf, errorOf, statusOf } from '../react/status.js'
import type { WebSocketStatusName } from '../react/status.js'
import { watchSync } from '../react/sync-events.js'
import type { SyncHandlers } from '../react/sync-events.js'
import { log } from './debug.js'
import { serverUrl } from './url.js'

/** What the service is asked to tell of. */
export interface WebSocketEventHandlers extends SyncHandlers, ConnectionHandlers {
  /** The state is another. */
  onConnectionChange?: (state: WebSocketState) => void
}

/** The service's state, a new object after each change. */
export interface WebSocketState {
  /** What Typelets calls it. */
  readonly status: WebSocketStatusName
  /** Changes come as they happen. */
  readonly isConnected: boolean
  /** The same: there is no connection without a sign-in. */
  readonly isAuthenticated: boolean
  /** Who is signed in, while connected. */
  readonly userId: string | null
  /** What is wrong, or what was refused last, as a sentence for people. */
  readonly error: string | null
  /** How many attempts failed in a row; 0 while connected. */
  readonly reconnectAttempts: number
  /** The notes that were joined. */
  readonly joinedNotes: ReadonlySet<string>
  /** When something last came from another device, in milliseconds since 1970; null: never. */
  readonly lastSync: number | null
}

/** What the service may be told besides what a client may. */
export interface WebSocketServiceOptions extends ClientOptions {
  /** A client to use instead of making one. All other options are then left alone. */
  client?: Client
}

/**
 * The WebSocketService of Typelets' web client over this client: the same methods, states and events. What is sent while the
 * connection is down waits in the outbox, also over reloads; rejoining and signing in again are the client's. It gives up after
 * 10 attempts, until the network comes back or the page is looked at again. It lasts as long as the page.
 */
export class WebSocketService {
  /** The client beneath, for all else. */
  readonly client: Client
  #token: string | null = null
  #handlers: WebSocketEventHandlers = {}
  #lastSync: number | null = null
  #error: string | null = null
  #joined = new Map<string, Seat>()
  #joinedIds: ReadonlySet<string> = new Set()
  #state: WebSocketState
  #listeners = new Set<(state: WebSocketState) => void>()

  constructor({ client, ...options }: WebSocketServiceOptions = {}) {
    this.client =
      client ?? createClient({ url: serverUrl(), maxReconnectAttempts: 10, token: () => this.#token, ...options })
    this.#state = this.#read()
    this.client.connection.subscribe(() => this.#changed())
    watchConnection(this.client, () => this.#handlers)
    watchSync(this.client, {
      handlers: () => this.#handlers,
      synced: () => {
        this.#lastSync = Date.now()
        this.#changed()
      },
      refused: ({ code, sentence }) => {
        this.#error = sentence
        this.#handlers.onError?.({ message: sentence, code })
        this.#changed()
      },
    })
    this.client.on('*', (frame: Frame) => log('receive', frame.type, frame))
  }

  /** As `client.connect`. Sign in by `authenticate`, before or after. */
  connect(): void {
    log('connection', 'connect')
    this.client.connect()
  }

  /** Closes the connection. Nothing that is unsent is lost by it. */
  disconnect(): void {
    log('connection', 'disconnect')
    void this.client.close()
  }

  /** Connects anew at once. */
  reconnect(): void {
    log('connection', 'reconnect')
    this.client.reconnect()
  }

  /** Signs in with a token, and refreshes it with a later one. */
  authenticate(token: string): void {
    log('auth', 'token given')
    const fresh = token !== this.#token
    this.#token = token
    const { name } = this.client.connection.get()
    if (name === 'needs-auth' || (fresh && name === 'waiting')) this.client.reconnect()
  }

  /** Says that the page looks at a note. It is joined again after each reconnect. */
  joinNote(noteId: string): void {
    if (this.#joined.has(noteId)) return
    this.#joined.set(noteId, enterRoom(this.client, noteId))
    this.#joinedIds = new Set(this.#joined.keys())
    this.#changed()
  }

  /** Says that it does no longer. */
  leaveNote(noteId: string): void {
    this.#joined.get(noteId)?.leave()
    if (!this.#joined.delete(noteId)) return
    this.#joinedIds = new Set(this.#joined.keys())
    this.#changed()
  }

  /** As `client.editNote`. A refusal comes to `onError`, and stays in `client.outbox`. */
  sendNoteUpdate(noteId: string, changes: NoteChanges): void {
    log('send', 'note_update', { noteId, changes })
    void this.client.editNote(noteId, changes).done.catch(() => {}) // onError tells of a refusal, and the outbox keeps it
  }

  /** As `client.createNote`. */
  sendNoteCreated(note: NewNote & { id: string }): void {
    log('send', 'note_created', note)
    void this.client.createNote(note).done.catch(() => {})
  }

  /** As `client.trashNote`. */
  sendNoteDeleted(noteId: string): void {
    log('send', 'note_deleted', { noteId })
    void this.client.trashNote(noteId).done.catch(() => {})
  }

  /** As `client.createFolder`. */
  sendFolderCreated(folder: NewFolder & { id: string }): void {
    log('send', 'folder_created', folder)
    void this.client.createFolder(folder).done.catch(() => {})
  }

  /** As `client.updateFolder`. */
  sendFolderUpdated(folderId: string, changes: FolderChanges): void {
    log('send', 'folder_updated', { folderId, changes })
    void this.client.updateFolder(folderId, changes).done.catch(() => {})
  }

  /** As `client.deleteFolder`. */
  sendFolderDeleted(folderId: string): void {
    log('send', 'folder_deleted', { folderId })
    void this.client.deleteFolder(folderId).done.catch(() => {})
  }

  /** Sets who is told, in place of who was. What is not named is told no more. */
  setEventHandlers(handlers: WebSocketEventHandlers): void {
    this.#handlers = handlers
  }

  /** Takes the last refusal away. An error of the connection stays while it lasts. */
  clearError(): void {
    this.#error = null
    this.#changed()
  }

  /** The state now: the same object until it changes. */
  getState(): WebSocketState {
    return this.#state
  }

  /** Tells of each new state, until what it returns is called. */
  subscribe(listener: (state: WebSocketState) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #read(): WebSocketState {
    const state = this.client.connection.get()
    const connected = state.name === 'connected'
    return {
      status: statusOf(state), isConnected: connected, isAuthenticated: connected, userId: connected ? state.userId : null,
      error: errorOf(state) ?? this.#error, reconnectAttempts: attemptsOf(state), joinedNotes: this.#joinedIds,
      lastSync: this.#lastSync,
    }
  }

  /** Tells of what is another than before: a connection's latency, for one, is nothing that anybody sees here. */
  #changed(): void {
    const was = this.#state
    const is = this.#read()
    if ((Object.keys(is) as (keyof WebSocketState)[]).every((name) => Object.is(is[name], was[name]))) return
    this.#state = is
    if (is.status !== was.status) log('connection', is.status)
    this.#handlers.onConnectionChange?.(is)
    for (const listener of [...this.#listeners]) listener(is)
  }
}
