import type { Adapters, StorageWrite } from '../adapters.js'
import type { ClientEvent, ConnectionState, NetworkReport, TransportName } from '../api.js'
import type { Http } from '../connection/http.js'
import { request } from '../connection/http.js'
import type { Item } from '../outbox/item.js'
import { Outbox, type Change } from '../outbox/outbox.js'
import { later } from '../protocol/cursor.js'
import { problem } from '../protocol/errors.js'
import type { Frame } from '../protocol/frames.js'
import { isObject } from '../protocol/parse.js'
import type { UpFrame } from '../protocol/up.js'
import { apply, type StoreAction } from '../store/apply.js'
import { emptyState, type ServerState } from '../store/state.js'
import { Views, type View } from '../store/view.js'
import { Leader } from '../tabs/leader.js'
import { Mirror, type Ask, type Step } from '../tabs/mirror.js'
import { conflictIn, conflictKey, type Reported } from './conflicts.js'
import { Lead } from './lead.js'
import { load, loadItems } from './persist.js'

/** What an account needs. */
export interface AccountEnv extends Adapters {
  readonly scope: string
  readonly tab: string
  readonly http: Http
  readonly transports: readonly TransportName[]
  readonly maxAttempts: number
  readonly cacheBytes: number
  readonly newId: () => string
  /** Something that can be seen may have changed. */
  readonly onChange: () => void
  readonly onFrame: (frame: Frame) => void
  readonly onReport: (report: NetworkReport) => void
  readonly onEvent: (event: ClientEvent) => void
}

/** One account on this device, in this tab: its notes, its unsettled edits, and its part in the one connection of all tabs. */
export class Account {
  readonly scope: string
  readonly outbox: Outbox
  readonly ready: Promise<void>
  readonly #env: AccountEnv
  readonly #views = new Views()
  readonly #leader: Leader
  #mirror: Mirror | undefined
  #lead: Lead | undefined
  #giveUp = () => {}
  #state: ServerState = emptyState
  #view: View | undefined
  #connection: ConnectionState = { name: 'idle' }
  #userId: string
  #conflicts = new Map<string, Reported>()
  #wanted = false
  #closing: Promise<void> = Promise.resolve()
  #transport: TransportName | undefined
  #ownLock: AbortController | undefined
  readonly #watched = new Set<string>()

  constructor(env: AccountEnv) {
    this.#env = env
    this.scope = this.#userId = env.scope
    this.outbox = new Outbox({
      clock: env.clock, tab: env.tab, newId: env.newId, onEvent: env.onEvent,
      write: writes => this.#write(writes),
      version: id => this.#state.notes.get(id)?.version ?? 0,
      cursor: () => this.#state.cursor,
      onChange: changes => this.#itemsChanged(changes),
      onReady: items => this.#itemsReady(items),
    })
    this.#leader = new Leader({ locks: env.locks, name: this.#name('lead'), lead: signal => this.#leads(signal) })
    this.ready = this.#load()
  }

  get connection(): ConnectionState {
    return this.#connection
  }

  get userId(): string {
    return this.#userId
  }

  get conflicts(): ReadonlyMap<string, Reported> {
    return this.#conflicts
  }

  get state(): ServerState {
    return this.#state
  }

  /** What the user sees now. */
  get view(): View {
    return (this.#view ??= this.#views.make(this.#state, this.outbox.queue, this.#userId, this.#connection.name !== 'connected'))
  }

  /** Of the connection at the server, if this tab holds one. */
  get connectionId(): string {
    return this.#lead?.connection.connectionId ?? ''
  }

  connect(): void {
    if (this.#wanted) return this.#lead?.connection.dispatch({ type: 'connect' })
    this.#wanted = true
    this.#setConnection({ name: 'connecting', attempt: 0 })
    void this.ready.then(() => this.#closing).then(() => {
      if (!this.#wanted || this.#mirror) return
      this.#mirror = new Mirror(this.#env.channel(this.#name('tabs')), this.#env.clock, this.#env.tab, {
        asked: ask => this.#asked(ask),
        snapshot: () => ({ state: this.#state, items: this.outbox.queue.filter(item => item.status !== 'draft'), connection: this.#connection, userId: this.#userId }),
        took: snapshot => {
          this.#setUser(snapshot.userId)
          this.#setState({ type: 'restored', state: snapshot.state })
          const theirs = new Set(snapshot.items.map(item => item.id))
          const settled = this.outbox.queue.filter(item => !theirs.has(item.id) && item.tab !== this.#env.tab)
          this.outbox.drop(settled.map(({ id }) => ({ id, item: undefined })))
          this.outbox.merge(snapshot.items)
          this.#mirrored(snapshot.connection)
          this.#queueAgain(theirs)
        },
        step: step => this.#step(step),
        newLeader: () => {},
        noAnswer: () => this.#env.visibility.visible() && this.#wanted && this.#leader.apply(true),
        dismissed: key => this.#forget(key),
      })
      this.#holdOwnLock()
      this.#leader.apply()
      this.#mirror.ask({ t: 'hello', tab: this.#env.tab })
    })
  }

  /** Leads and follows no more; the edits of this tab are stored. Connecting again meanwhile calls it off, or waits. */
  close(state: ConnectionState = { name: 'idle' }): Promise<void> {
    this.#wanted = false
    return (this.#closing = this.#closing.then(() => this.#close(state)))
  }

  async #close(state: ConnectionState): Promise<void> {
    await this.ready
    await this.outbox.flush()
    if (this.#wanted) return
    await this.#lead?.persister.flush()
    this.#giveUp()
    this.#mirror?.close()
    this.#mirror = undefined
    await this.#leader.resign()
    this.#ownLock?.abort()
    this.#ownLock = undefined
    if (!this.#wanted) this.#setConnection(state)
  }

  reconnect(): void {
    if (this.#lead) this.#lead.connection.dispatch({ type: 'reconnect' })
    else this.#mirror?.ask({ t: 'reconnect' })
  }

  useTransport(transport: TransportName | undefined): void {
    this.#transport = transport
    if (this.#lead) this.#lead.connection.useTransport(transport)
    else this.#mirror?.ask({ t: 'use', transport })
  }

  /** Sends a frame over the connection of all tabs, as a request if need be. */
  send(frame: UpFrame): void {
    if (!this.#lead) return this.#mirror?.ask({ t: 'up', frame })
    if (this.#lead.connection.send(frame)) return
    const { connectionId } = this
    const post = (route: string, body: object) => void request(this.#env.http, 'POST', `/api/notes/${route}`, body).catch(() => {})
    if (frame.type === 'presence' && connectionId) post(`${frame.noteId}/presence`, { connectionId, data: frame.data })
    if (frame.type === 'custom') post(`${frame.noteId}/custom`, { ...(connectionId ? { connectionId } : {}), name: frame.name, data: frame.data })
  }

  discard(id: string): void {
    if (this.#mirror && !this.#lead) this.#mirror.ask({ t: 'discard', id })
    else this.outbox.discard(id)
  }

  retry(id: string): void {
    if (this.#mirror && !this.#lead) this.#mirror.ask({ t: 'retry', id })
    else this.outbox.retry(id)
  }

  dismiss(key: string): void {
    this.#forget(key)
    this.#mirror?.dismiss(key)
    void this.#env.storage.write(this.scope, [{ table: 'meta', key, value: undefined }]).catch(() => {})
  }

  #name(what: string): string {
    return `notewire ${what} ${this.#env.http.url} ${this.scope}`
  }

  async #load(): Promise<void> {
    try {
      const { storage } = this.#env
      const { state, items } = await load(storage, this.scope)
      for (const [key, value] of await storage.read(this.scope, 'meta')) {
        if (key.startsWith('conflict ')) this.#conflicts.set(key, value as Reported)
        if (key === 'user' && typeof value === 'string') this.#userId = value
      }
      this.#setState({ type: 'restored', state })
      this.outbox.merge(items)
    } catch (error) {
      this.#env.onEvent({ type: 'problem', problem: problem('storage', String(error)) })
    }
  }

  /** Writes as the tab that leads, if it does. */
  async #write(writes: readonly StorageWrite[]): Promise<boolean> {
    const { storage } = this.#env
    const lead = this.#lead
    if (await storage.write(this.scope, writes, lead?.fence)) return true
    if (lead && this.#lead === lead) this.#giveUp()
    const own = writes.filter(({ table, value }) => table === 'outbox' && isObject(value) && value.tab === this.#env.tab && value.attempts === 0)
    if (own.length) await storage.write(this.scope, own) // what this tab was told to keep is kept
    return false
  }

  #setState(action: StoreAction): void {
    const before = this.#state
    this.#state = apply(before, action)
    if (this.#state === before) return
    this.#lead?.persister.save(this.#state)
    this.#changed()
  }

  #changed(): void {
    this.#view = undefined
    this.#env.onChange()
  }

  #setConnection(state: ConnectionState): void {
    if (state === this.#connection) return
    this.#connection = state
    this.#env.onEvent({ type: 'state', state })
    this.#changed()
  }

  /** What comes from the server, here or by way of the leader. */
  #act(action: StoreAction): void {
    this.#setState(action)
    if (action.type === 'listed') this.outbox.listed(action.cursor)
    if (action.type !== 'frame') return
    const { frame } = action
    this.outbox.saw(frame, this.#userId, this.#state.cursor)
    const conflict = conflictIn(frame)
    if (conflict) this.#report(conflict)
    this.#env.onFrame(frame)
  }

  #report(conflict: Reported): void {
    const key = conflictKey(conflict)
    if (this.#conflicts.has(key)) return
    this.#conflicts = new Map(this.#conflicts).set(key, conflict)
    this.#changed()
    const { noteId, version, fields } = conflict
    this.#env.onEvent({ type: 'conflict', noteId, version, fields })
    if (this.#lead) void this.#env.storage.write(this.scope, [{ table: 'meta', key, value: conflict }]).catch(() => {})
  }

  #forget(key: string): void {
    this.#conflicts = new Map(this.#conflicts)
    this.#conflicts.delete(key)
    this.#changed()
  }

  #setUser(userId: string): void {
    if (userId === '' || userId === this.#userId) return
    this.#userId = userId
    this.#changed()
    void this.#env.storage.write(this.scope, [{ table: 'meta', key: 'user', value: userId }]).catch(() => {})
  }

  #itemsChanged(changes: readonly Change[]): void {
    this.#changed()
    const told = changes.filter(({ item }) => item?.status !== 'draft')
    if (told.length) this.#mirror?.tell({ t: 'items', changes: told })
  }

  #itemsReady(items: readonly Item[]): void {
    if (this.#lead) return this.#lead.sender.kick()
    if (items.length) this.#mirror?.ask({ t: 'queue', tab: this.#env.tab, items })
  }

  /** A leader that does not know items of this tab gets them: sent twice they have one effect. */
  #queueAgain(known: ReadonlySet<string>): void {
    const items = this.outbox.queue.filter(item => item.tab === this.#env.tab && item.status !== 'draft' && item.status !== 'acknowledged' && !known.has(item.id))
    if (items.length) this.#mirror?.ask({ t: 'queue', tab: this.#env.tab, items })
  }

  #step(step: Step): void {
    switch (step.t) {
      case 'act':
        return this.#act(step.action)
      case 'items':
        this.outbox.drop(step.changes.filter(change => !change.item))
        return this.outbox.merge(step.changes.flatMap(change => change.item ?? []))
      case 'connection':
        this.#setUser(step.userId)
        return this.#mirrored(step.connection)
    }
  }

  #mirrored(connection: ConnectionState): void {
    this.#setConnection(connection.name === 'connected' ? { ...connection, leader: false } : connection)
  }

  #asked(ask: Ask): void {
    const lead = this.#lead
    if (!lead) return
    switch (ask.t) {
      case 'hello':
        return this.#watch(ask.tab)
      case 'queue':
        this.#take(ask.items)
        return lead.sender.kick()
      case 'retry':
      case 'discard':
        return this.outbox[ask.t](ask.id)
      case 'up':
        return this.send(ask.frame)
      case 'reconnect':
        return lead.connection.dispatch({ type: 'reconnect' })
      case 'use':
        return lead.connection.useTransport(ask.transport)
    }
  }

  /** As long as this tab lives it holds a lock of its own; who gets that lock knows that the tab is gone. */
  #holdOwnLock(): void {
    const control = (this.#ownLock = new AbortController())
    void this.#env.locks.request(this.#tabLock(this.#env.tab), { signal: control.signal }, () => new Promise<void>(resolve => {
      control.signal.addEventListener('abort', () => resolve())
    })).catch(() => {})
  }

  #tabLock(tab: string): string {
    return `${this.#name('tab')} ${tab}`
  }

  /** Waits for the end of a tab, and takes over what it had not handed over. */
  #watch(tab: string, signal?: AbortSignal): void {
    const lead = this.#lead
    if (!lead || tab === this.#env.tab || this.#watched.has(tab)) return
    this.#watched.add(tab)
    const gone = async () => {
      const items = await loadItems(this.#env.storage, this.scope)
      if (this.#lead !== lead) return
      this.#take(items.filter(item => item.tab === tab))
      lead.sender.kick()
    }
    this.#env.locks.request(this.#tabLock(tab), signal ? { signal } : {}, gone).catch(() => {}).then(() => this.#watched.delete(tab))
  }

  /** Items of another tab, to be sent. What this tab has already, but as a draft, may be on its way. */
  #take(items: readonly Item[]): void {
    const known = new Map(this.outbox.queue.map(item => [item.id, item.status]))
    const fresh = items.filter(item => (known.get(item.id) ?? 'draft') === 'draft')
    this.outbox.merge(fresh.map(item => ({ ...item, status: item.status === 'refused' ? item.status : 'queued' })))
  }

  /** Leads, until the signal or the loss of the lead. */
  async #leads(signal: AbortSignal): Promise<void> {
    const { storage } = this.#env
    const fence = await storage.fence(this.scope).catch(() => 0)
    const kept = await load(storage, this.scope).catch(() => ({ state: emptyState, items: [] as readonly Item[] }))
    if (signal.aborted) return
    await new Promise<void>(resolve => {
      const watching = new AbortController()
      const lost = () => {
        if (this.#lead !== lead) return
        this.#lead = undefined
        watching.abort()
        this.#watched.clear()
        lead.stop()
        this.#mirror?.follow()
        this.#env.onEvent({ type: 'leader', leads: false, fence })
        resolve()
      }
      const lead: Lead = new Lead({
        ...this.#env, fence, kept: kept.state, outbox: this.outbox, onLost: lost,
        write: writes => this.#write(writes),
        state: () => this.#state,
        onUser: userId => this.#setUser(userId),
        apply: action => {
          this.#act(action)
          this.#mirror?.tell({ t: 'act', action })
        },
        onState: connection => {
          if (this.#lead === lead || this.#wanted) this.#setConnection(connection)
          this.#mirror?.tell({ t: 'connection', connection, userId: this.#userId })
        },
      })
      this.#lead = lead
      this.#giveUp = lost
      signal.addEventListener('abort', lost)
      this.#takeOver(kept, watching.signal)
      this.#mirror?.lead(fence)
      this.#env.onEvent({ type: 'leader', leads: true, fence })
      if (this.#transport) lead.connection.useTransport(this.#transport)
      lead.connection.dispatch({ type: 'connect' })
      void storage.persist?.().catch(() => {})
    })
  }

  /** What the device has is the truth; what other tabs had not handed over is taken when they are gone. */
  #takeOver(kept: { state: ServerState; items: readonly Item[] }, signal: AbortSignal): void {
    const { cursor } = kept.state
    if (cursor !== null && later(cursor, this.#state.cursor)) this.#setState({ type: 'restored', state: kept.state })
    else this.#lead?.persister.save(this.#state)
    const known = new Set(this.outbox.queue.map(item => item.id))
    const drafts = kept.items.filter(item => item.status === 'draft' && item.tab !== this.#env.tab)
    this.outbox.merge(kept.items.filter(item => !known.has(item.id) && !drafts.includes(item)))
    this.outbox.resume()
    for (const tab of new Set(drafts.map(item => item.tab))) this.#watch(tab, signal)
  }
}
