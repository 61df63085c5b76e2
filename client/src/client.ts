import { Account } from './account/account.js'
import { Accounts } from './account/accounts.js'
import { conflictKey, type Conflicts } from './account/conflicts.js'
import type { Client, ClientOptions, Conflict, CustomMessage, Folder, NetworkReport, Note, OutboxState, Pending, TransportName } from './api.js'
import type { Http } from './connection/http.js'
import { adaptersOf, baseUrl, uuid } from './defaults.js'
import { dropped, through } from './middleware.js'
import type { Item } from './outbox/item.js'
import { parts } from './parts.js'
import type { Counts, Diff, HistoryPage, NotesPage, NoteVersion } from './protocol/answers.js'
import type { Frame } from './protocol/frames.js'
import type { Mutation, Operation } from './protocol/mutation.js'
import type { ServerNote } from './protocol/note.js'
import { subjectOf } from './protocol/subject.js'
import { Rooms } from './presence.js'
import { queryOf } from './reads.js'
import { Cell, Derived, memo, type Readable } from './readable.js'
import { openText } from './text/open.js'

const allTransports: readonly TransportName[] = ['websocket', 'sse', 'sse-padded', 'poll']

/** Makes a client. It does nothing over the network until `connect`. Throws where there is neither a `url` nor a page. */
export function createClient(options: ClientOptions = {}): Client {
  return new NotewireClient(options)
}

/** Puts the parts together; what they do is theirs. */
class NotewireClient implements Client {
  readonly connection = new Derived(() => this.#account.connection)
  readonly notes = new Derived(() => this.#account.view.notes)
  readonly trash = new Derived(() => this.#account.view.trash)
  readonly folders = new Derived(() => this.#account.view.folders)
  readonly outbox = new Derived(() => this.#outboxOf(this.#account.outbox.queue))
  readonly conflicts = new Derived(() => this.#conflictsOf(this.#account.conflicts.all))
  readonly network: Cell<NetworkReport>
  readonly ready: Promise<void>

  readonly #options: ClientOptions
  readonly #adapters: ReturnType<typeof adaptersOf>
  readonly #http: Http
  readonly #tab: string
  readonly #rooms: Rooms
  readonly #single = new Map<string, Derived<Note | undefined>>()
  readonly #listeners = new Map<string, Set<(frame: Frame) => void>>()
  readonly #accounts: Accounts
  #told = false
  readonly #outboxOf = memo((queue: readonly Item[]): OutboxState => {
    const items = queue.filter(item => item.status !== 'acknowledged')
    return { items, unsynced: items.length, refused: items.filter(item => item.status === 'refused') }
  })
  readonly #conflictsOf = memo((conflicts: Conflicts['all']): readonly Conflict[] => {
    const account = this.#account
    return [...conflicts.values()].map(each => ({ ...each, dismiss: () => account.dismiss(conflictKey(each)) }))
  })
  #connectionId = ''
  #wanted = false

  constructor(options: ClientOptions) {
    this.#options = options
    this.#adapters = adaptersOf(options)
    const { clock, network } = this.#adapters
    const url = baseUrl(options.url)
    this.#tab = uuid(clock.random)
    this.#http = { url, network, clock, token: () => this.#accounts.token() }
    this.network = new Cell<NetworkReport>({ network: url, chosen: null, padding: 0, measuredAt: null, why: 'nothing was measured yet', measured: {} })
    this.#rooms = new Rooms(clock, frame => this.#account.send(frame), () => this.#connectionId, id => this.note(id).get()?.version !== 0)
    this.#accounts = new Accounts({
      ...this.#adapters, token: options.token, account: options.account,
      open: scope => this.#open(scope),
      onSwitch: () => this.#changed(),
      onKept: account => this.#wanted && account.connect(),
    })
    this.ready = this.#accounts.ready
  }

  get #account(): Account {
    return this.#accounts.current
  }

  note(id: string): Readable<Note | undefined> {
    const known = this.#single.get(id)
    if (known) return known
    const note = new Derived(() => this.#account.view.byId.get(id))
    this.#single.set(id, note)
    return note
  }

  presence(noteId: string) {
    return this.#rooms.room(noteId)
  }

  text(noteId: string) {
    return openText({
      noteId, tab: this.#tab, account: () => this.#account, note: this.note(noteId),
      edit: (content, onto) => this.#mutate({ op: 'edit', noteId, changes: { content } }, this.#debounce, onto),
    })
  }

  connect(): void {
    this.#wanted = true
    void this.#accounts.adopt().then(() => this.#wanted && this.#account.connect())
  }

  async close(): Promise<void> {
    this.#wanted = false
    this.#rooms.close()
    await this.ready
    await this.#account.close()
  }

  reconnect(): void {
    if (this.#wanted) this.#account.reconnect()
    else this.connect()
  }

  useTransport(transport: TransportName | 'auto'): void {
    this.#account.useTransport(transport === 'auto' ? undefined : transport)
  }

  goOffline(): void {
    if (!this.#wanted) return
    this.#wanted = false
    void this.#account.close({ name: 'offline' })
  }

  goOnline(): void {
    this.connect()
  }

  createNote(note = {}): Pending<Note> {
    const { id, ...rest } = note as { id?: string }
    return this.#mutate({ op: 'create', noteId: id ?? uuid(this.#adapters.clock.random), note: rest })
  }

  editNote(id: string, changes: Extract<Operation, { op: 'edit' }>['changes']): Pending<Note> {
    return this.#mutate({ op: 'edit', noteId: id, changes }, changes.deleted === undefined ? this.#debounce : 0)
  }

  organise(id: string, fields: Extract<Operation, { op: 'organise' }>['fields']): Pending<Note> {
    return this.#mutate({ op: 'organise', noteId: id, fields })
  }

  trashNote(id: string): Pending<Note> {
    return this.#mutate({ op: 'trash', noteId: id })
  }

  restoreNote(id: string): Pending<Note> {
    return this.#mutate({ op: 'restore', noteId: id })
  }

  purgeNote(id: string): Pending<void> {
    return this.#mutate({ op: 'purge', noteId: id })
  }

  revertNote(id: string, version: number, { kept }: { kept?: boolean } = {}): Pending<Note> {
    return this.#mutate({ op: 'revert', noteId: id, version, ...(kept ? { kept } : {}) })
  }

  shareNote(id: string, share: Extract<Operation, { op: 'share' }>['share']): Pending<Note> {
    return this.#mutate({ op: 'share', noteId: id, share })
  }

  leaveNote(id: string): Pending<void> {
    return this.#mutate({ op: 'leave', noteId: id })
  }

  createFolder(folder: Extract<Operation, { op: 'folder_create' }>['folder']): Pending<Folder> {
    const { id, ...rest } = folder
    return this.#mutate({ op: 'folder_create', folderId: id ?? uuid(this.#adapters.clock.random), folder: rest })
  }

  updateFolder(id: string, changes: Extract<Operation, { op: 'folder_update' }>['changes']): Pending<Folder> {
    return this.#mutate({ op: 'folder_update', folderId: id, changes })
  }

  deleteFolder(id: string): Pending<void> {
    return this.#mutate({ op: 'folder_delete', folderId: id })
  }

  history(id: string, options = {}) {
    return this.request('GET', `/api/notes/${id}/versions${queryOf(options)}`) as Promise<HistoryPage>
  }

  version(id: string, version: number) {
    return this.request('GET', `/api/notes/${id}/versions/${version}`) as Promise<NoteVersion>
  }

  kept(id: string, version: number) {
    return this.request('GET', `/api/notes/${id}/versions/${version}/kept`) as Promise<{ version: number; note: ServerNote }>
  }

  diff(id: string, from: number, to: number, options = {}) {
    return this.request('GET', `/api/notes/${id}/diff${queryOf({ from, to, ...options })}`) as Promise<Diff>
  }

  search(query: string | Parameters<Client['search']>[0]) {
    return this.request('GET', `/api/notes${queryOf(typeof query === 'string' ? { search: query } : query)}`) as Promise<NotesPage>
  }

  counts() {
    return this.request('GET', '/api/counts') as Promise<Counts>
  }

  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    const { request } = await parts.network()
    return request(this.#http, method, path, body)
  }

  send(noteId: string, name: string, data: unknown): void {
    this.#account.send({ type: 'custom', noteId, name, data })
  }

  onCustom(listener: (message: CustomMessage) => void): () => void {
    return this.on('custom', frame => {
      if (frame.noteId !== undefined) listener(frame as CustomMessage)
    })
  }

  discard(mutationId: string): void {
    this.#account.decide('discard', mutationId)
  }

  retry(mutationId: string): void {
    this.#account.decide('retry', mutationId)
  }

  on<T extends Frame['type'] | '*'>(type: T, listener: (frame: T extends '*' ? Frame : Extract<Frame, { type: T }>) => void): () => void {
    const all = this.#listeners.get(type) ?? new Set()
    this.#listeners.set(type, all)
    const own = (frame: Frame) => listener(frame as Parameters<typeof listener>[0])
    all.add(own)
    return () => void all.delete(own)
  }

  get #debounce(): number {
    return this.#options.editDebounceMs ?? 300
  }

  #mutate<T>(op: Operation, gatherMs = 0, onto?: string): Pending<T> {
    const draft: Mutation = { ...op, mutationId: '' }
    const wanted = through(this.#options.middleware ?? [], draft)
    if (!wanted) return dropped(draft)
    const { mutationId: _, ...rest } = wanted
    const { id, stored, done } = this.#account.outbox.add(rest as Operation, gatherMs, onto)
    const noteId = subjectOf(wanted)
    const see = ({ view }: Account) => view.byId.get(noteId) ?? view.folders.find(folder => folder.id === noteId)
    const seen = done.then(() => see(this.#account) as T) // the account may be another: the one that signed in
    seen.catch(() => {})
    return { mutationId: id, noteId, stored, done: seen }
  }

  #open(scope: string): Account {
    return new Account({
      ...this.#adapters, scope, tab: this.#tab, http: this.#http,
      transports: this.#options.transports ?? allTransports,
      maxAttempts: this.#options.maxReconnectAttempts ?? Infinity,
      cacheBytes: this.#options.cacheBytes ?? 50_000_000,
      newId: () => uuid(this.#adapters.clock.random),
      onChange: () => this.#changed(),
      onFrame: frame => this.#frame(frame),
      onReport: report => this.network.set(report),
      onEvent: event => this.#options.onEvent?.(event),
    })
  }

  #frame(frame: Frame): void {
    this.#rooms.frame(frame)
    for (const type of [frame.type, '*']) for (const listener of [...(this.#listeners.get(type) ?? [])]) listener(frame)
  }

  /** Tells once for all that changed together. */
  #changed(): void {
    if (this.#told) return
    this.#told = true
    queueMicrotask(() => {
      this.#told = false
      const { connection } = this.#account
      const id = connection.name === 'connected' ? connection.connectionId : ''
      if (id !== this.#connectionId) {
        this.#connectionId = id
        if (id) this.#rooms.rejoin()
        else this.#rooms.alone()
      }
      for (const each of [this.connection, this.notes, this.trash, this.folders, this.outbox, this.conflicts]) each.look()
      for (const note of this.#single.values()) note.look()
    })
  }
}
