import type { StorageWrite } from '../adapters.js'
import type { ConnectionState, TransportName } from '../api.js'
import { backoff } from '../connection/backoff.js'
import type { Item } from '../outbox/item.js'
import { Outbox, type Change } from '../outbox/outbox.js'
import { parts } from '../parts.js'
import { NotewireError, problem } from '../protocol/errors.js'
import { isObject } from '../protocol/parse.js'
import type { UpFrame } from '../protocol/up.js'
import { apply, type StoreAction } from '../store/apply.js'
import { emptyState, type ServerState } from '../store/state.js'
import { Views, type View } from '../store/view.js'
import { holdLock } from '../tabs/alive.js'
import { Leader } from '../tabs/leader.js'
import { Mirror, type Snapshot, type Step } from '../tabs/mirror.js'
import { Conflicts } from './conflicts.js'
import type { AccountEnv } from './env.js'
import type { Lead } from './lead.js'
import { load } from './load.js'

/** One account on this device, in this tab: its notes, its unsettled edits, and its part in the one connection of all tabs. */
export class Account {
  readonly scope: string
  readonly outbox: Outbox
  readonly conflicts: Conflicts
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
  #wanted = false
  #closing: Promise<void> = Promise.resolve()
  #transport: TransportName | undefined
  #free = () => {}

  constructor(env: AccountEnv) {
    this.#env = env
    this.scope = this.#userId = env.scope
    this.conflicts = new Conflicts({ scope: env.scope, storage: env.storage, onChange: () => this.#changed(), onEvent: env.onEvent })
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

  get state(): ServerState {
    return this.#state
  }

  /** What the user sees now. */
  get view(): View {
    return (this.#view ??= this.#views.make(this.#state, this.outbox.queue, this.#userId, this.#connection.name !== 'connected'))
  }

  connect(): void {
    if (this.#wanted) return this.#lead?.connect()
    this.#wanted = true
    this.#setConnection({ name: 'connecting', attempt: 0 })
    void this.ready.then(() => this.#closing).then(() => {
      if (!this.#wanted || this.#mirror) return
      this.#mirror = this.#newMirror()
      this.#free = holdLock(this.#env.locks, this.#tabLock(this.#env.tab))
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
    await this.#lead?.flush()
    this.#giveUp()
    this.#mirror?.close()
    this.#mirror = undefined
    await this.#leader.resign()
    this.#free()
    if (!this.#wanted) this.#setConnection(state)
  }

  reconnect(): void {
    if (this.#lead) this.#lead.reconnect()
    else this.#mirror?.ask({ t: 'reconnect' })
  }

  useTransport(transport: TransportName | undefined): void {
    this.#transport = transport
    if (this.#lead) this.#lead.useTransport(transport)
    else this.#mirror?.ask({ t: 'use', transport })
  }

  /** Sends a frame over the connection of all tabs, as a request if need be. */
  send(frame: UpFrame): void {
    if (this.#lead) this.#lead.send(frame)
    else this.#mirror?.ask({ t: 'up', frame })
  }

  /** Gives up a refused edit, or sends it again. */
  decide(what: 'discard' | 'retry', id: string): void {
    if (this.#mirror && !this.#lead) this.#mirror.ask({ t: what, id })
    else this.outbox[what](id)
  }

  /** Dismisses a conflict. */
  dismiss(key: string): void {
    this.conflicts.dismiss(key)
    this.#mirror?.dismiss(key)
  }

  #name(what: string): string {
    return `notewire ${what} ${this.#env.http.url} ${this.scope}`
  }

  #tabLock(tab: string): string {
    return `${this.#name('tab')} ${tab}`
  }

  async #load(): Promise<void> {
    try {
      const { storage } = this.#env
      const { state, items } = await load(storage, this.scope)
      const meta = await storage.read(this.scope, 'meta')
      this.conflicts.restore(meta)
      const user = meta.find(([key]) => key === 'user')?.[1]
      if (typeof user === 'string') this.#userId = user
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
    this.#lead?.save(this.#state)
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
    this.conflicts.saw(frame, this.#lead !== undefined)
    this.#env.onFrame(frame)
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
    if (this.#lead) return this.#lead.kick()
    if (items.length) this.#mirror?.ask({ t: 'queue', tab: this.#env.tab, items })
  }

  #newMirror(): Mirror {
    return new Mirror(this.#env.channel(this.#name('tabs')), this.#env.clock, this.#env.tab, {
      asked: ask => this.#lead?.asked(ask),
      snapshot: () => ({ state: this.#state, items: this.outbox.queue.filter(item => item.status !== 'draft'), connection: this.#connection, userId: this.#userId }),
      took: snapshot => this.#took(snapshot),
      step: step => this.#step(step),
      noAnswer: () => this.#env.visibility.visible() && this.#wanted && this.#leader.apply(true),
      dismissed: key => this.conflicts.forget(key),
    })
  }

  /** Shows all that the leader shows. A leader that does not know items of this tab gets them: sent twice they have one effect. */
  #took({ state, items, connection, userId }: Snapshot): void {
    this.#setUser(userId)
    this.#setState({ type: 'restored', state })
    const known = new Set(items.map(item => item.id))
    const own = (item: Item) => item.tab === this.#env.tab
    const settled = this.outbox.queue.filter(item => !known.has(item.id) && !own(item))
    this.outbox.drop(settled.map(({ id }) => ({ id, item: undefined })))
    this.outbox.merge(items)
    this.#mirrored(connection)
    const fresh = this.outbox.queue.filter(item => own(item) && item.status !== 'draft' && item.status !== 'acknowledged' && !known.has(item.id))
    if (fresh.length) this.#mirror?.ask({ t: 'queue', tab: this.#env.tab, items: fresh })
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

  /** Leads, until the signal or the loss of the lead. */
  async #leads(signal: AbortSignal): Promise<void> {
    const code = await this.#code(signal)
    if (!code || signal.aborted) return
    const { storage } = this.#env
    const fence = await storage.fence(this.scope).catch(() => 0)
    const kept = await load(storage, this.scope).catch(() => ({ state: emptyState, items: [] }))
    if (signal.aborted) return
    await new Promise<void>(resolve => {
      const lost = () => {
        if (this.#lead !== lead) return
        this.#lead = undefined
        lead.stop()
        this.#mirror?.follow()
        this.#env.onEvent({ type: 'leader', leads: false, fence })
        resolve()
      }
      const lead: Lead = new code.Lead({
        ...this.#env, fence, kept, outbox: this.outbox, onLost: lost,
        tabLock: tab => this.#tabLock(tab),
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
      lead.takeOver()
      this.#mirror?.lead(fence)
      this.#env.onEvent({ type: 'leader', leads: true, fence })
      if (this.#transport) lead.useTransport(this.#transport)
      lead.connect()
      void storage.persist?.().catch(() => {})
    })
  }

  /** The code of leading, however often it has to be asked for; undefined: it is not wanted any more. */
  async #code(signal: AbortSignal): Promise<typeof import('./lead.js') | undefined> {
    const { clock } = this.#env
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        return await parts.lead()
      } catch (error) {
        if (signal.aborted) break
        const ms = backoff(attempt - 1, clock.random)
        const reason = error instanceof NotewireError ? error.problem : problem('internal', String(error))
        this.#setConnection({ name: 'waiting', attempt, retryAt: clock.now() + ms, reason })
        await new Promise<void>(resolve => {
          const cancel = clock.after(ms, resolve)
          signal.addEventListener('abort', () => (cancel(), resolve()))
        })
      }
    }
    return undefined
  }
}
