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
import { Revival } from './revival.js'
import { serverUrl } from './url.js'

/** What the service is asked to tell of. */
export interface WebSocketEventHandlers extends SyncHandlers, ConnectionHandlers {
  onConnectionChange?: (state: WebSocketState) => void
}

/** The service's state, a new object after each change. */
export interface WebSocketState {
  readonly status: WebSocketStatusName
  readonly isConnected: boolean
  readonly isAuthenticated: boolean
  readonly userId: string | null
  readonly error: string | null
  readonly reconnectAttempts: number
  readonly joinedNotes: ReadonlySet<string>
  readonly lastSync: number | null
}

/** What the service may be told besides what a client may. */
export interface WebSocketServiceOptions extends ClientOptions {
  /** Instead of making one. */
  client?: Client
}

/**
 * The WebSocketService of Typelets' web client over this client: the same methods, states and events. What is sent while the
 * connection is down waits in the outbox, also over reloads; rejoining and signing in again are the client's. It gives up after
 * 10 attempts, until the network comes back or the page is looked at again. It lasts as long as the page.
 */
export class WebSocketService {
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
    const revival = new Revival(() => this.client.connect(), options)
    this.client.connection.subscribe(() => {
      revival.look(this.client.connection.get())
      this.#changed()
    })
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

  connect(): void {
    log('connection', 'connect')
    this.client.connect()
  }

  /** Nothing that is unsent is lost by it. */
  disconnect(): void {
    log('connection', 'disconnect')
    void this.client.close()
  }

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

  joinNote(noteId: string): void {
    if (this.#joined.has(noteId)) return
    this.#joined.set(noteId, enterRoom(this.client, noteId))
    this.#joinedIds = new Set(this.#joined.keys())
    this.#changed()
  }

  leaveNote(noteId: string): void {
    this.#joined.get(noteId)?.leave()
    if (!this.#joined.delete(noteId)) return
    this.#joinedIds = new Set(this.#joined.keys())
    this.#changed()
  }

  sendNoteUpdate(noteId: string, changes: NoteChanges): void {
    log('send', 'note_update', { noteId, changes })
    void this.client.editNote(noteId, changes).done.catch(() => {}) // onError tells of a refusal, and the outbox keeps it
  }

  sendNoteCreated(note: NewNote & { id: string }): void {
    log('send', 'note_created', note)
    void this.client.createNote(note).done.catch(() => {})
  }

  sendNoteDeleted(noteId: string): void {
    log('send', 'note_deleted', { noteId })
    void this.client.trashNote(noteId).done.catch(() => {})
  }

  sendFolderCreated(folder: NewFolder & { id: string }): void {
    log('send', 'folder_created', folder)
    void this.client.createFolder(folder).done.catch(() => {})
  }

  sendFolderUpdated(folderId: string, changes: FolderChanges): void {
    log('send', 'folder_updated', { folderId, changes })
    void this.client.updateFolder(folderId, changes).done.catch(() => {})
  }

  sendFolderDeleted(folderId: string): void {
    log('send', 'folder_deleted', { folderId })
    void this.client.deleteFolder(folderId).done.catch(() => {})
  }

  /** Sets who is told. What is not named is told no more. */
  setEventHandlers(handlers: WebSocketEventHandlers): void {
    this.#handlers = handlers
  }

  clearError(): void {
    this.#error = null
    this.#changed()
  }

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
