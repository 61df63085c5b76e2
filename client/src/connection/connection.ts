import type { Visibility } from '../adapters.js'
import type { ClientEvent, ConnectionState, TransportName } from '../api.js'
import { parts } from '../parts.js'
import { endOfRefusal } from '../protocol/close.js'
import { NotewireError, problem, type Problem } from '../protocol/errors.js'
import type { Frame } from '../protocol/frames.js'
import { subject } from '../protocol/token.js'
import { authFrame, type UpFrame } from '../protocol/up.js'
import type { Open } from '../transport/transport.js'
import { openWebSocket } from '../transport/websocket.js'
import { backoff } from './backoff.js'
import { request } from './http.js'
import { Ladder, type LadderEnv, type Way } from './ladder.js'
import { Link, type AuthSuccess, type Outcome } from './link.js'
import { idle, transition, type ConnectionEvent, type Effect, type Machine } from './machine.js'
import { within } from './within.js'

/** What a connection needs. */
export interface ConnectionEnv extends LadderEnv {
  readonly visibility: Visibility
  readonly maxAttempts: number
  /** Where to go on; null: nothing is known yet. */
  readonly cursor: () => string | null
  readonly onState: (state: ConnectionState) => void
  /** Signed in: what comes from now on goes on after the cursor that was given. */
  readonly onReady: (frame: AuthSuccess, cursor: string | null) => void
  readonly onFrame: (frame: Frame) => void
  readonly onEvent: (event: ClientEvent) => void
}

/** How a transport is opened; what is not loaded yet is. */
async function openerOf(transport: TransportName): Promise<Open> {
  return transport === 'websocket' ? openWebSocket : (await parts.fallbacks()).fallbacks[transport]
}

/** When better transports are tried again, in milliseconds: then twice as late, up to the second. */
const climbs = { first: 2 * 60_000, last: 30 * 60_000 }

/** When a connection has worked so long, in milliseconds, what it could fall back to is loaded: later that may not be possible. */
const calm = 10_000

/** A gateway does not say that a token expires: a fresh one is shown in time. */
const gatewayRefresh = 45 * 60_000

/** One connection to the server, over whatever works. What is done when is decided by the machine alone. */
export class Connection {
  readonly #env: ConnectionEnv
  readonly #ladder: Ladder
  #machine: Machine = idle
  #link: Link | undefined
  #way: Way | undefined
  #refused: string | null | undefined
  #opening = new AbortController()
  #timers: (() => void)[] = []
  #climbAfter = climbs.first
  #watching: () => unknown = () => {}
  readonly #detach: (() => void)[]

  constructor(env: ConnectionEnv) {
    this.#env = env
    this.#ladder = new Ladder(env)
    this.#detach = [
      env.network.onChange(() => this.dispatch({ type: env.network.online() ? 'online' : 'offline' })),
      env.visibility.onChange(() => env.visibility.visible() && this.dispatch({ type: 'wake' })),
    ]
  }

  /** Sends a frame; false: requests have to do. */
  send(frame: UpFrame): boolean {
    return this.#machine.state.name === 'connected' && (this.#link?.send(frame) ?? false)
  }

  /** Of the connection at the server; empty if there is none, or of a poll. */
  get connectionId(): string {
    return this.#link?.connectionId ?? ''
  }

  useTransport(transport: TransportName | undefined): void {
    this.#ladder.force(transport)
    this.dispatch({ type: 'reconnect' })
  }

  /** A request was not believed: the token has to be another one. */
  unauthenticated(token: string | null, reason: Problem): void {
    this.#refused = token
    this.dispatch({ type: 'no-token', reason })
  }

  /** Ends it for good. */
  dispose(): void {
    this.dispatch({ type: 'close' })
    for (const end of this.#detach) end()
  }

  dispatch(event: ConnectionEvent): void {
    const { clock, network, maxAttempts } = this.#env
    const before = this.#machine.state
    const [machine, effects] = transition(this.#machine, event, { now: clock.now(), random: clock.random, online: network.online(), maxAttempts })
    this.#machine = machine
    for (const effect of effects) this.#do(effect)
    if (machine.state !== before) this.#env.onState(machine.state)
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case 'shut':
        return this.#shut()
      case 'wait':
        return this.#after(effect.ms, () => this.dispatch({ type: 'timer' }))
      case 'check':
        return this.#link?.check()
      case 'watch-token':
        return this.#watchToken(0)
      case 'open':
        void this.#open(this.#opening.signal).catch(error => this.#failed(error))
    }
  }

  #shut(): void {
    this.#opening.abort()
    this.#opening = new AbortController()
    for (const cancel of this.#timers) cancel()
    this.#timers = []
    this.#link?.close()
    this.#link = undefined
  }

  /** After a while, unless everything was shut before. */
  #after(ms: number, call: () => void): void {
    this.#timers.push(this.#env.clock.after(ms, call))
  }

  #failed(error: unknown): void {
    const why = error instanceof NotewireError ? error.problem : problem('internal', String(error))
    this.dispatch({ type: 'ended', end: endOfRefusal(why), lived: 0 })
  }

  async #open(signal: AbortSignal): Promise<void> {
    const token = await this.#fresh(signal)
    if (signal.aborted || token === undefined) return
    const way = await this.#ladder.choose(signal).catch(error => {
      if (!signal.aborted) throw error
    })
    if (signal.aborted || !way) return
    this.dispatch({ type: 'trying', transport: way.transport })
    const opener = await openerOf(way.transport).catch(error => {
      if (!signal.aborted) throw error
    })
    if (opener && !signal.aborted) this.#link = this.#connect(way, opener, token, signal)
  }

  /** A token that was not refused; undefined: there is none, and that has been said. */
  async #fresh(signal: AbortSignal): Promise<string | null | undefined> {
    const token = await within(this.#env.clock, 15_000, () => this.#env.token(), signal).catch(error => {
      if (!signal.aborted) throw error
      return undefined
    })
    if (signal.aborted || token === undefined) return undefined
    if (this.#refused !== undefined && token === this.#refused) {
      this.dispatch({ type: 'no-token', reason: problem('unauthenticated', 'the token was refused') })
      return undefined
    }
    this.#refused = undefined
    return token
  }

  /** Opens a link, as the one that counts once it is signed in. */
  #connect(way: Way, opener: Open, token: string | null, signal: AbortSignal): Link {
    const cursor = this.#env.cursor()
    const begun = this.#env.clock.now()
    const link: Link = new Link(way.transport, opener, this.#openingOf(way, token, cursor), way.patience, {
      ready: (frame, first) => {
        if (signal.aborted) return
        this.dispatch({ type: 'ready', transport: way.transport, userId: frame.userId, connectionId: frame.connectionId })
        if (!first) return
        this.#established(link, way, frame, cursor)
        void this.#ladder.works(way, this.#env.clock.now() - begun)
      },
      frame: frame => this.#frame(link, frame),
      latency: ms => {
        if (this.#link !== link) return
        this.dispatch({ type: 'latency', ms })
        this.#env.onEvent({ type: 'latency', ms })
      },
      end: outcome => this.#ended(link, way, token, outcome),
    })
    return link
  }

  #openingOf(way: Way, token: string | null, cursor: string | null) {
    const { url, network, clock } = this.#env
    return { url, network, clock, token: this.#env.token, offer: way.offer, cursor, firstToken: token, user: subject(token) ?? '', padding: way.padding }
  }

  #ended(link: Link, way: Way, token: string | null, outcome: Outcome): void {
    const { end, lived } = outcome
    const signal = this.#opening.signal
    if (this.#link !== link) return
    if (end.verdict === 'fresh-token' || end.verdict === 'sign-in') this.#refused = token
    void this.#ladder.judge(way, outcome, signal).catch(() => {}).then(() => {
      if (!signal.aborted && this.#link === link) this.dispatch({ type: 'ended', end, lived })
    })
  }

  #established(link: Link, way: Way, frame: AuthSuccess, cursor: string | null): void {
    this.#way = way
    this.#env.onReady(frame, cursor)
    this.#after(this.#climbAfter, () => void this.#climb(link, way))
    this.#after(calm, () => void parts.fallbacks().catch(() => {}))
    if (way.transport === 'websocket' && way.offer.websocket.url) this.#after(gatewayRefresh, () => void this.#refresh(link))
  }

  #frame(link: Link, frame: Frame): void {
    if (frame.type === 'token_expiring') void this.#refresh(link)
    this.#env.onFrame(frame)
  }

  /** Shows the connection a fresh token. Where that fails, another connection takes its place before it ends. */
  async #refresh(link: Link): Promise<void> {
    const signal = this.#opening.signal
    try {
      const token = await this.#env.token()
      if (signal.aborted || this.#link !== link) return
      if (link.send(authFrame(token, null))) {
        if (this.#way?.offer.websocket.url) this.#after(gatewayRefresh, () => void this.#refresh(link))
        return
      }
      await request(this.#env, 'POST', `/api/connections/${link.connectionId}/auth`, undefined, { signal, token })
    } catch {
      if (!signal.aborted && this.#link === link && this.#way) await this.#replace(link, this.#way, 'a fresh token')
    }
  }

  /** Tries what is better while what works goes on. */
  async #climb(link: Link, way: Way): Promise<void> {
    const signal = this.#opening.signal
    const ways = await this.#ladder.better(way, signal).catch(() => [])
    for (const better of ways) {
      if (signal.aborted || this.#link !== link) return
      const why = await this.#replace(link, better, `${better.transport} works again`)
      if (why === undefined) {
        this.#climbAfter = climbs.first
        return
      }
      this.#ladder.vain(better, why)
    }
    if (signal.aborted || this.#link !== link) return
    this.#climbAfter = Math.min(climbs.last, this.#climbAfter * 2)
    this.#after(this.#climbAfter, () => void this.#climb(link, way))
  }

  /**
   * Opens another link beside the one that works, from the same cursor, and closes the old one when the new one has delivered.
   * Nothing is missed, and what comes twice is dropped by its cursor. Resolves to why not; undefined: done.
   */
  async #replace(old: Link, way: Way, why: string): Promise<string | undefined> {
    const signal = this.#opening.signal
    const opener = await openerOf(way.transport).catch(() => undefined)
    if (!opener) return 'its code could not be loaded'
    const token = await this.#env.token().catch(() => undefined)
    if (token === undefined || signal.aborted || this.#link !== old) return 'no token'
    return new Promise(settle => {
      const resolve = (reason: string | undefined) => {
        signal.removeEventListener('abort', shut)
        settle(reason)
      }
      const shut = () => {
        link?.close()
        resolve('shut')
      }
      let link: Link | undefined
      const cursor = this.#env.cursor()
      if (cursor === null) return resolve('the notes are not listed yet') // a second link would begin later than the first
      const begun = this.#env.clock.now()
      const held: Frame[] = []
      let signedIn: AuthSuccess | undefined
      let taken = false
      const take = () => {
        if (taken || !signedIn || !link || signal.aborted || this.#link !== old) return
        taken = true
        this.#link = link
        old.close()
        this.dispatch({ type: 'ready', transport: way.transport, userId: signedIn.userId, connectionId: signedIn.connectionId })
        this.#established(link, way, signedIn, cursor)
        for (const frame of held) this.#frame(link, frame)
        void this.#ladder.works(way, this.#env.clock.now() - begun)
        this.#env.onEvent({ type: 'switched', from: old.transport, to: way.transport, why })
        resolve(undefined)
      }
      const opened: Link = new Link(way.transport, opener, this.#openingOf(way, token, cursor), way.patience, {
        ready: frame => {
          if (taken) return this.dispatch({ type: 'ready', transport: way.transport, userId: frame.userId, connectionId: frame.connectionId })
          signedIn = frame
          if (way.transport !== 'websocket') take() // a WebSocket must answer as well
        },
        frame: frame => {
          if (taken) this.#frame(opened, frame)
          else held.push(frame)
        },
        latency: ms => {
          take()
          if (this.#link === opened) this.dispatch({ type: 'latency', ms })
        },
        end: outcome => (taken ? this.#ended(opened, way, token, outcome) : resolve(outcome.end.problem.message)),
      })
      link = opened
      signal.addEventListener('abort', shut)
    })
  }

  /** Asks for a token now and then, without the network, until there is another than the refused one. */
  #watchToken(asked: number): void {
    this.#watching()
    const signal = this.#opening.signal
    let off = false
    this.#watching = () => (off = true)
    void Promise.resolve(this.#env.token()).catch(() => this.#refused ?? null).then(token => {
      if (signal.aborted || off) return
      if (token !== null && token !== this.#refused) return this.dispatch({ type: 'token' })
      this.#after(1000 + backoff(asked, this.#env.clock.random), () => this.#watchToken(asked + 1))
    })
  }
}
