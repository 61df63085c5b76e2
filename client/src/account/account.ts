import type { StorageWrite } from '../adapters.js'
import type { ConnectionState, TransportName } from '../api.js'
import { backoff } from '../connection/backoff.js'
import { Outbox } from '../outbox/outbox.js'
import { parts } from '../parts.js'
import { NotewireError, problem } from '../protocol/errors.js'
import { isObject } from '../protocol/parse.js'
import type { UpFrame } from '../protocol/up.js'
import { apply, type StoreAction } from '../store/apply.js'
import { emptyState, type ServerState } from '../store/state.js'
import { Views, type View } from '../store/view.js'
import { Conflicts } from './conflicts.js'
import type { AccountEnv } from './env.js'
import { load } from './load.js'
import type { Member } from './member.js'

/** One account on this device, in this tab: its notes and its unsettled edits, and, while it is connected, its part in the one connection of all tabs. */
export class Account {
  readonly scope: string
  readonly outbox: Outbox
  readonly conflicts: Conflicts
  readonly ready: Promise<void>
  readonly #env: AccountEnv
  readonly #views = new Views()
  #member: Member | undefined
  #state: ServerState = emptyState
  #view: View | undefined
  #connection: ConnectionState = { name: 'idle' }
  #userId: string
  #transport: TransportName | undefined
  #wanted = false
  #closing: Promise<void> = Promise.resolve()
  /** Ends a wait for code. */
  #wake = () => {}

  constructor(env: AccountEnv) {
    this.#env = env
    this.scope = this.#userId = env.scope
    this.conflicts = new Conflicts({ scope: env.scope, storage: env.storage, onChange: () => this.#changed(), onEvent: env.onEvent })
    this.outbox = new Outbox({
      clock: env.clock, tab: env.tab, newId: env.newId, onEvent: env.onEvent,
      write: writes => this.#write(writes),
      version: id => this.#state.notes.get(id)?.version ?? 0,
      cursor: () => this.#state.cursor,
      partial: id => this.#state.truncated.has(id),
      onChange: changes => {
        this.#changed()
        this.#member?.itemsChanged(changes)
      },
      onReady: items => this.#member?.itemsReady(items),
    })
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
    if (this.#wanted) return this.#member?.connect()
    this.#wanted = true
    this.#setConnection({ name: 'connecting', attempt: 0 })
    void this.ready.then(() => this.#closing).then(() => this.#join())
  }

  /** Leads and follows no more; the edits of this tab are stored. Connecting again meanwhile calls it off, or waits. */
  close(state: ConnectionState = { name: 'idle' }): Promise<void> {
    this.#wanted = false
    this.#wake()
    return (this.#closing = this.#closing.then(() => this.#close(state)))
  }

  async #close(state: ConnectionState): Promise<void> {
    await this.ready
    await this.outbox.flush()
    if (this.#wanted) return
    const member = this.#member
    await member?.flush()
    this.#member = undefined
    await member?.leave()
    if (!this.#wanted) this.#setConnection(state)
  }

  reconnect(): void {
    this.#wake()
    this.#member?.reconnect()
  }

  useTransport(transport: TransportName | undefined): void {
    this.#transport = transport
    this.#member?.useTransport(transport)
  }

  /** Sends a frame over the connection of all tabs, as a request if need be. */
  send(frame: UpFrame): void {
    this.#member?.send(frame)
  }

  /** Gives up a refused edit, or sends it again. */
  decide(what: 'discard' | 'retry', id: string): void {
    if (!this.#member?.ask({ t: what, id })) this.outbox[what](id)
  }

  /** Dismisses a conflict. */
  dismiss(key: string): void {
    this.conflicts.dismiss(key)
    this.#member?.dismiss(key)
  }

  async #load(): Promise<void> {
    try {
      const { storage } = this.#env
      const { state, items } = await load(storage, this.scope)
      const meta = await storage.read(this.scope, 'meta')
      this.conflicts.restore(meta)
      const user = meta.find(([key]) => key === 'user')?.[1]
      if (typeof user === 'string') this.#userId = user
      this.#act({ type: 'restored', state })
      this.outbox.merge(items)
    } catch (error) {
      this.#env.onEvent({ type: 'problem', problem: problem('storage', String(error)) })
    }
  }

  /** Becomes one of the tabs that are connected, as soon as the code of that is there, however often it has to be asked for. */
  async #join(): Promise<void> {
    const { clock } = this.#env
    for (let attempt = 1; this.#wanted && !this.#member; attempt++) {
      try {
        const { Member } = await parts.network()
        if (this.#wanted) this.#member ??= this.#memberOf(Member)
      } catch (error) {
        if (!this.#wanted) return
        const ms = backoff(attempt - 1, clock.random)
        const reason = error instanceof NotewireError ? error.problem : problem('internal', String(error))
        this.#setConnection({ name: 'waiting', attempt, retryAt: clock.now() + ms, reason })
        await new Promise<void>(resolve => {
          const cancel = clock.after(ms, resolve)
          this.#wake = () => {
            cancel()
            resolve()
          }
        })
        if (this.#wanted) this.#setConnection({ name: 'connecting', attempt })
      }
    }
  }

  #memberOf(of: typeof Member): Member {
    return new of({
      ...this.#env, outbox: this.outbox,
      transport: () => this.#transport,
      state: () => this.#state,
      userId: () => this.#userId,
      connection: () => this.#connection,
      wanted: () => this.#wanted,
      act: action => this.#act(action),
      write: writes => this.#write(writes),
      onUser: userId => this.#setUser(userId),
      onConnection: connection => this.#setConnection(connection),
      onDismissed: key => this.conflicts.forget(key),
    })
  }

  /** Writes as the tab that leads, if it does. */
  async #write(writes: readonly StorageWrite[]): Promise<boolean> {
    const { storage, tab } = this.#env
    const fence = this.#member?.fence
    if (await storage.write(this.scope, writes, fence)) return true
    if (fence !== undefined) this.#member?.outrun(fence)
    const own = writes.filter(({ table, value }) => table === 'outbox' && isObject(value) && value.tab === tab && value.attempts === 0)
    if (own.length) await storage.write(this.scope, own) // what this tab was told to keep is kept
    return false
  }

  /** What comes from the server, here or by way of the leader, or from the device. */
  #act(action: StoreAction): void {
    const before = this.#state
    this.#state = apply(before, action)
    if (this.#state !== before) {
      this.#member?.save(this.#state)
      this.#changed()
    }
    if (action.type === 'listed') this.outbox.listed(action.cursor)
    if (action.type === 'fetched') this.outbox.caughtUp(this.#state.cursor)
    if (action.type !== 'frame') return
    const { frame } = action
    this.outbox.saw(frame, this.#userId, this.#state.cursor)
    this.conflicts.saw(frame, this.#member?.fence !== undefined)
    this.#env.onFrame(frame)
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

  #setUser(userId: string): void {
    if (userId === '' || userId === this.#userId) return
    this.#userId = userId
    this.#changed()
    void this.#env.storage.write(this.scope, [{ table: 'meta', key: 'user', value: userId }]).catch(() => {})
  }
}
