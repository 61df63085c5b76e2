import type { ConnectionState } from '../api.js'
import { Connection } from '../connection/connection.js'
import { request } from '../connection/http.js'
import { NetworkMemory } from '../connection/memory.js'
import type { WriteAll } from '../outbox/durable.js'
import type { Outbox } from '../outbox/outbox.js'
import { Sender } from '../outbox/sender.js'
import type { StoreAction } from '../store/apply.js'
import type { ServerState } from '../store/state.js'
import type { AccountEnv } from './account.js'
import { Persister } from './persist.js'
import { Sync } from './sync.js'

/** What leading takes. */
export interface LeadEnv extends AccountEnv {
  readonly fence: number
  readonly outbox: Outbox
  /** What is stored already. */
  readonly kept: ServerState
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
  readonly connection: Connection
  readonly sender: Sender
  readonly persister: Persister
  readonly #sync: Sync
  #sending = false

  constructor(env: LeadEnv) {
    const { http, clock, outbox } = env
    let token: string | null = null
    this.fence = env.fence
    this.persister = new Persister(clock, env.write, env.cacheBytes, env.kept)
    this.#sync = new Sync({ http, onEvent: env.onEvent, state: env.state, apply: env.apply })
    this.sender = new Sender({
      clock, outbox, newId: env.newId, onLost: env.onLost,
      post: async body => {
        token = await http.token()
        return request(http, 'POST', '/api/mutations', body, { token })
      },
      onUnauthenticated: reason => this.connection.unauthenticated(token, reason),
    })
    this.connection = new Connection({
      ...http, visibility: env.visibility, transports: env.transports, maxAttempts: env.maxAttempts,
      memory: new NetworkMemory(env.storage, clock), onReport: env.onReport, onEvent: env.onEvent,
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

  /** Ends all of it. */
  stop(): void {
    this.#send(false)
    this.connection.dispose()
  }

  #send(connected: boolean): void {
    if (connected === this.#sending) return
    this.#sending = connected
    if (connected) return this.sender.start()
    this.sender.stop()
    this.#sync.stop()
  }
}
