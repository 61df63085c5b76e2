import type { StorageWrite } from '../adapters.js'
import type { ConnectionState, NetworkReport, TransportName } from '../api.js'
import type { Item } from '../outbox/item.js'
import type { Change, Outbox } from '../outbox/outbox.js'
import type { UpFrame } from '../protocol/up.js'
import type { StoreAction } from '../store/apply.js'
import { emptyState, type ServerState } from '../store/state.js'
import { holdLock } from '../tabs/alive.js'
import { Leader } from '../tabs/leader.js'
import { Mirror, type Ask, type Snapshot, type Step } from '../tabs/mirror.js'
import type { AccountEnv } from './env.js'
import { Lead } from './lead.js'
import { load } from './load.js'

export { request } from '../connection/http.js'

/** What a member needs of its account. */
export interface MemberEnv extends AccountEnv {
  readonly outbox: Outbox
  /** The transport to use alone, if the user chose one. */
  readonly transport: () => TransportName | undefined
  readonly state: () => ServerState
  readonly userId: () => string
  readonly connection: () => ConnectionState
  /** False: it is being closed. */
  readonly wanted: () => boolean
  /** What comes from the server, here or by way of the leader. */
  readonly act: (action: StoreAction) => void
  readonly write: (writes: readonly StorageWrite[]) => Promise<boolean>
  readonly onUser: (userId: string) => void
  readonly onConnection: (connection: ConnectionState) => void
  readonly onDismissed: (key: string) => void
}

/** This tab among those that have the account open: it leads, which is to hold the one connection, or follows who does. */
export class Member {
  readonly #env: MemberEnv
  readonly #leader: Leader
  readonly #mirror: Mirror
  readonly #free: () => void
  #lead: Lead | undefined
  #report: NetworkReport | undefined
  #giveUp = () => {}

  constructor(env: MemberEnv) {
    this.#env = env
    this.#leader = new Leader({ locks: env.locks, name: this.#name('lead'), lead: signal => this.#leads(signal) })
    this.#mirror = new Mirror(env.channel(this.#name('tabs')), env.clock, env.tab, {
      asked: ask => this.#lead?.asked(ask),
      snapshot: () => ({ state: env.state(), items: env.outbox.queue.filter(item => item.status !== 'draft'), connection: env.connection(), userId: env.userId(), report: this.#report }),
      took: snapshot => this.#took(snapshot),
      step: step => this.#step(step),
      noAnswer: () => env.visibility.visible() && env.wanted() && this.#leader.apply(true),
      dismissed: env.onDismissed,
    })
    this.#free = holdLock(env.locks, this.#tabLock(env.tab))
    this.#leader.apply()
    this.#mirror.ask({ t: 'hello', tab: env.tab })
  }

  /** The number that its writes carry while it leads. */
  get fence(): number | undefined {
    return this.#lead?.fence
  }

  connect(): void {
    this.#lead?.connect()
  }

  reconnect(): void {
    if (this.#lead) this.#lead.reconnect()
    else this.#mirror.ask({ t: 'reconnect' })
  }

  useTransport(transport: TransportName | undefined): void {
    if (this.#lead) this.#lead.useTransport(transport)
    else this.#mirror.ask({ t: 'use', transport })
  }

  /** Sends a frame over the connection of all tabs, as a request if need be. */
  send(frame: UpFrame): void {
    if (this.#lead) this.#lead.send(frame)
    else this.#mirror.ask({ t: 'up', frame })
  }

  /** Asks the leader; false: that is this tab. */
  ask(ask: Ask): boolean {
    if (this.#lead) return false
    this.#mirror.ask(ask)
    return true
  }

  /** A conflict was dismissed here. */
  dismiss(key: string): void {
    this.#mirror.dismiss(key)
  }

  /** The server's state is another: the leader keeps it. */
  save(state: ServerState): void {
    this.#lead?.save(state)
  }

  itemsChanged(changes: readonly Change[]): void {
    const told = changes.filter(({ item }) => item?.status !== 'draft')
    if (told.length) this.#mirror.tell({ t: 'items', changes: told })
  }

  itemsReady(items: readonly Item[]): void {
    if (this.#lead) this.#lead.kick()
    else if (items.length) this.#mirror.ask({ t: 'queue', tab: this.#env.tab, items })
  }

  /** A write with this number was refused: another tab leads. */
  outrun(fence: number): void {
    if (this.#lead?.fence === fence) this.#giveUp()
  }

  /** Keeps what is to be kept now. */
  async flush(): Promise<void> {
    await this.#lead?.flush()
  }

  /** Leads and follows no more. */
  async leave(): Promise<void> {
    this.#giveUp()
    this.#mirror.close()
    await this.#leader.resign()
    this.#free()
  }

  #name(what: string): string {
    return `notewire ${what} ${this.#env.http.url} ${this.#env.scope}`
  }

  #tabLock(tab: string): string {
    return `${this.#name('tab')} ${tab}`
  }

  /** Shows all that the leader shows. A leader that does not know items of this tab gets them: sent twice they have one effect. */
  #took({ state, items, connection, userId, report }: Snapshot): void {
    const { outbox, tab, act, onUser } = this.#env
    onUser(userId)
    act({ type: 'restored', state })
    const known = new Set(items.map(item => item.id))
    const settled = outbox.queue.filter(item => !known.has(item.id) && item.tab !== tab)
    outbox.drop(settled.map(({ id }) => ({ id, item: undefined })))
    outbox.merge(items)
    this.#mirrored(connection)
    if (report) this.#measured(report)
    const fresh = outbox.queue.filter(item => item.tab === tab && item.status !== 'draft' && item.status !== 'acknowledged' && !known.has(item.id))
    if (fresh.length) this.#mirror.ask({ t: 'queue', tab, items: fresh })
  }

  #step(step: Step): void {
    const { outbox, act, onUser } = this.#env
    switch (step.t) {
      case 'act':
        return act(step.action)
      case 'items':
        outbox.drop(step.changes.filter(change => !change.item))
        return outbox.merge(step.changes.flatMap(change => change.item ?? []))
      case 'report':
        return this.#measured(step.report)
      case 'connection':
        onUser(step.userId)
        return this.#mirrored(step.connection)
    }
  }

  #mirrored(connection: ConnectionState): void {
    this.#env.onConnection(connection.name === 'connected' ? { ...connection, leader: false } : connection)
  }

  #measured(report: NetworkReport): void {
    this.#report = report
    this.#env.onReport(report)
  }

  /** Leads, until the signal or the loss of the lead. */
  async #leads(signal: AbortSignal): Promise<void> {
    const env = this.#env
    const { storage, scope } = env
    const fence = await storage.fence(scope).catch(() => 0)
    const kept = await load(storage, scope).catch(() => ({ state: emptyState, items: [] }))
    if (signal.aborted) return
    await new Promise<void>(resolve => {
      const lost = () => {
        if (this.#lead !== lead) return
        this.#lead = undefined
        lead.stop()
        this.#mirror.follow()
        env.onEvent({ type: 'leader', leads: false, fence })
        resolve()
      }
      const lead: Lead = new Lead({
        ...env, fence, kept, onLost: lost,
        tabLock: tab => this.#tabLock(tab),
        apply: action => {
          env.act(action)
          this.#mirror.tell({ t: 'act', action })
        },
        onReport: report => {
          this.#measured(report)
          this.#mirror.tell({ t: 'report', report })
        },
        onState: connection => {
          if (this.#lead === lead || env.wanted()) env.onConnection(connection)
          this.#mirror.tell({ t: 'connection', connection, userId: env.userId() })
        },
      })
      this.#lead = lead
      this.#giveUp = lost
      signal.addEventListener('abort', lost)
      lead.takeOver()
      this.#mirror.lead(fence)
      env.onEvent({ type: 'leader', leads: true, fence })
      const transport = env.transport()
      if (transport) lead.useTransport(transport)
      lead.connect()
      void storage.persist?.().catch(() => {})
    })
  }
}
