import type { ConnectionState, TransportName } from '../api.js'
import { Connection } from '../connection/connection.js'
import { request } from '../connection/http.js'
import { NetworkMemory } from '../connection/memory.js'
import type { WriteAll } from '../outbox/durable.js'
import type { Outbox } from '../outbox/outbox.js'
import { Sender } from '../outbox/sender.js'
import { later } from '../protocol/cursor.js'
import type { UpFrame } from '../protocol/up.js'
import type { StoreAction } from '../store/apply.js'
import type { ServerState } from '../store/state.js'
import type { Ask } from '../tabs/mirror.js'
import type { AccountEnv } from './env.js'
import { Heir } from './heir.js'
import type { Kept } from './load.js'
import { Persister } from './persist.js'
import { Sync } from './sync.js'

/** What leading takes. */
export interface LeadEnv extends AccountEnv {
  readonly fence: number
  readonly outbox: Outbox
  /** What the device has, read after the fence was. */
  readonly kept: Kept
  readonly tabLock: (tab: string) => string
  readonly state: () => ServerState
  readonly apply: (action: StoreAction) => void
  readonly write: WriteAll
  readonly onUser: (userId: string) => void
  readonly onState: (state: ConnectionState) => void
  /** Another tab leads now. */
  readonly onLost: () => void
}

/** What only the tab that leads has: the connection, and what sends, receives and stores. */
export class Lead {
  readonly fence: number
  readonly #env: LeadEnv
  readonly #connection: Connection
  readonly #sender: Sender
  readonly #persister: Persister
  readonly #sync: Sync
  readonly #heir: Heir
  #sending = false

  constructor(env: LeadEnv) {
    const { http, clock, outbox } = env
    let token: string | null = null
    this.#env = env
    this.fence = env.fence
    this.#persister = new Persister(clock, env.write, env.cacheBytes, env.kept.state)
    this.#sync = new Sync({ http, onEvent: env.onEvent, state: env.state, apply: env.apply })
    this.#sender = new Sender({
      clock, outbox, newId: env.newId, onLost: env.onLost,
      post: async body => {
        token = await http.token()
        return request(http, 'POST', '/api/mutations', body, { token })
      },
      onUnauthenticated: reason => this.#connection.unauthenticated(token, reason),
    })
    this.#heir = new Heir({ ...env, onTaken: () => this.kick() })
    this.#connection = new Connection({
      ...http, visibility: env.visibility, transports: env.transports, maxAttempts: env.maxAttempts,
      memory: new NetworkMemory(env.storage, clock), onEvent: env.onEvent,
      onReport: report => {
        env.onEvent({ type: 'measured', report })
        env.onReport(report)
      },
      cursor: () => (env.state().complete ? env.state().cursor : null),
      onReady: (frame, cursor) => {
        env.onUser(frame.userId)
        this.#sync.ready(frame, cursor)
      },
      onFrame: frame => this.#sync.frame(frame),
      onState: state => {
        if (state.name === 'connected') env.onUser(state.userId)
        this.#send(state.name === 'connected')
        env.onState(state)
      },
    })
  }

  /** Of the connection at the server. */
  get connectionId(): string {
    return this.#connection.connectionId
  }

  /** What the device has is the truth; what other tabs had not handed over is taken when they are gone. */
  takeOver(): void {
    const { kept, outbox, state, tab } = this.#env
    const { cursor } = kept.state
    if (cursor !== null && later(cursor, state().cursor)) this.#env.apply({ type: 'restored', state: kept.state })
    else this.save(state())
    const known = new Set(outbox.queue.map(item => item.id))
    const drafts = kept.items.filter(item => item.status === 'draft' && item.tab !== tab)
    outbox.merge(kept.items.filter(item => !known.has(item.id) && !drafts.includes(item)))
    outbox.resume()
    for (const other of new Set(drafts.map(item => item.tab))) this.#heir.watch(other)
  }

  connect(): void {
    this.#connection.dispatch({ type: 'connect' })
  }

  reconnect(): void {
    this.#connection.dispatch({ type: 'reconnect' })
  }

  useTransport(transport: TransportName | undefined): void {
    this.#connection.useTransport(transport)
  }

  /** Keeps this state on the device, soon. */
  save(state: ServerState): void {
    this.#persister.save(state)
  }

  /** Keeps what is to be kept now. */
  flush(): Promise<void> {
    return this.#persister.flush()
  }

  /** There may be something to send. */
  kick(): void {
    this.#sender.kick()
  }

  /** Sends a frame, as a request if need be. */
  send(frame: UpFrame): void {
    if (this.#connection.send(frame)) return
    const { connectionId } = this
    const post = (route: string, body: object) => void request(this.#env.http, 'POST', `/api/notes/${route}`, body).catch(() => {})
    if (frame.type === 'presence' && connectionId) post(`${frame.noteId}/presence`, { connectionId, data: frame.data })
    if (frame.type === 'custom') post(`${frame.noteId}/custom`, { ...(connectionId ? { connectionId } : {}), name: frame.name, data: frame.data })
  }

  /** Another tab asks for something. */
  asked(ask: Ask): void {
    switch (ask.t) {
      case 'hello':
        return this.#heir.watch(ask.tab)
      case 'queue':
        this.#heir.take(ask.items)
        return this.kick()
      case 'retry':
      case 'discard':
        return this.#env.outbox[ask.t](ask.id)
      case 'up':
        return this.send(ask.frame)
      case 'reconnect':
        return this.reconnect()
      case 'use':
        return this.useTransport(ask.transport)
    }
  }

  /** Ends all of it. */
  stop(): void {
    this.#heir.stop()
    this.#send(false)
    this.#connection.dispose()
  }

  #send(connected: boolean): void {
    if (connected === this.#sending) return
    this.#sending = connected
    if (connected) return this.#sender.start()
    this.#sender.stop()
    this.#sync.stop()
  }
}
