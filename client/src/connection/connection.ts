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
import { request } from './http.js'
import { Ladder, type LadderEnv, type Way } from './ladder.js'
import { Link, type AuthSuccess, type LinkEvents, type Outcome } from './link.js'
import { idle, transition, type ConnectionEvent, type Effect, type Machine } from './machine.js'
import { succeed } from './successor.js'
import { Tokens } from './tokens.js'

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

/** When a fresh token is shown, in milliseconds: a gateway does not say that one expires; a provider may not have a newer one yet. */
const refreshes = { gateway: 45 * 60_000, again: 5000 }

/** One connection to the server, over whatever works. What is done when is decided by the machine alone. */
export class Connection {
  readonly #env: ConnectionEnv
  readonly #ladder: Ladder
  #machine: Machine = idle
  #link: Link | undefined
  #way: Way | undefined
  readonly #tokens: Tokens
  /** The token that the server has seen last. */
  #shown: string | null = null
  #opening = new AbortController()
  #timers: (() => void)[] = []
  #climbAfter = climbs.first
  readonly #detach: (() => void)[]

  constructor(env: ConnectionEnv) {
    this.#env = env
    this.#ladder = new Ladder(env)
    this.#tokens = new Tokens({ clock: env.clock, token: env.token, after: (ms, call) => this.#after(ms, call) })
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
    this.#tokens.refuse(token)
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
        return this.#tokens.watch(this.#opening.signal, () => this.dispatch({ type: 'token' }))
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
    /** What comes when all was shut meanwhile is nobody's. */
    const unlessShut = <T>(work: Promise<T>) => work.catch(error => {
      if (!signal.aborted) throw error
      return undefined
    })
    const token = await unlessShut(this.#tokens.next(signal))
    if (signal.aborted) return
    if (token === undefined) return this.dispatch({ type: 'no-token', reason: problem('unauthenticated', 'the token was refused') })
    const way = await unlessShut(this.#ladder.choose(signal))
    if (signal.aborted || !way) return
    this.dispatch({ type: 'trying', transport: way.transport })
    const opener = await unlessShut(openerOf(way.transport))
    if (opener && !signal.aborted) this.#link = this.#connect(way, opener, token, signal)
  }

  /** Opens a link, as the one that counts once it is signed in. */
  #connect(way: Way, opener: Open, token: string | null, signal: AbortSignal): Link {
    const cursor = this.#env.cursor()
    const begun = this.#env.clock.now()
    const link: Link = new Link(way.transport, opener, this.#openingOf(way, token, cursor), way.patience, {
      ...this.#eventsOf(() => link, way, token),
      ready: (frame, first) => {
        if (signal.aborted) return
        this.#ready(way, frame)
        if (first) this.#established(link, way, token, frame, cursor, begun)
      },
    })
    return link
  }

  /** What comes of the link that counts. */
  #eventsOf(link: () => Link, way: Way, token: string | null): LinkEvents {
    return {
      ready: frame => this.#ready(way, frame),
      frame: frame => this.#frame(link(), frame),
      latency: ms => {
        if (this.#link !== link()) return
        this.dispatch({ type: 'latency', ms })
        this.#env.onEvent({ type: 'latency', ms })
      },
      end: outcome => this.#ended(link(), way, token, outcome),
    }
  }

  #openingOf(way: Way, token: string | null, cursor: string | null) {
    const { url, network, clock } = this.#env
    return { url, network, clock, token: this.#env.token, offer: way.offer, cursor, firstToken: token, user: subject(token) ?? '', padding: way.padding }
  }

  #ready({ transport }: Way, { userId, connectionId }: AuthSuccess): void {
    this.dispatch({ type: 'ready', transport, userId, connectionId })
  }

  #ended(link: Link, way: Way, token: string | null, outcome: Outcome): void {
    const { end, lived } = outcome
    const signal = this.#opening.signal
    if (this.#link !== link) return
    if (end.verdict === 'fresh-token' || end.verdict === 'sign-in') {
      this.#tokens.refuse(token)
      if (token === null) console.warn(`Notewire: ${this.#env.url} wants a token from this page, and createClient was given no \`token\`. In local mode it has them at /dev/token?user=NAME.`)
    }
    void this.#ladder.judge(way, outcome, signal).catch(() => {}).then(() => {
      if (!signal.aborted && this.#link === link) this.dispatch({ type: 'ended', end, lived })
    })
  }

  #established(link: Link, way: Way, token: string | null, frame: AuthSuccess, cursor: string | null, begun: number): void {
    this.#way = way
    this.#shown = token
    this.#env.onReady(frame, cursor)
    this.#after(this.#climbAfter, () => void this.#climb(link, way))
    this.#after(calm, () => void parts.fallbacks().catch(() => {}))
    this.#refreshInTime(link)
    void this.#ladder.works(way, this.#env.clock.now() - begun)
  }

  #frame(link: Link, frame: Frame): void {
    if (frame.type === 'token_expiring') void this.#refresh(link)
    this.#env.onFrame(frame)
  }

  #refreshInTime(link: Link): void {
    if (this.#way?.transport === 'websocket' && this.#way.offer.websocket.url) this.#after(refreshes.gateway, () => void this.#refresh(link))
  }

  /** Shows the connection a fresh token. Where that fails, another connection takes its place before it ends. */
  async #refresh(link: Link): Promise<void> {
    const signal = this.#opening.signal
    try {
      const token = await this.#env.token()
      if (signal.aborted || this.#link !== link) return
      if (token !== null && token === this.#shown) return this.#after(refreshes.again, () => void this.#refresh(link))
      this.#shown = token
      if (link.send(authFrame(token, null))) return this.#refreshInTime(link)
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

  /** Lets another link take the place of one that works, without a gap. Resolves to why not; undefined: done. */
  async #replace(old: Link, way: Way, why: string): Promise<string | undefined> {
    const signal = this.#opening.signal
    const opener = await openerOf(way.transport).catch(() => undefined)
    if (!opener) return 'its code could not be loaded'
    const token = await this.#env.token().catch(() => undefined)
    if (token === undefined || signal.aborted || this.#link !== old) return 'no token'
    const cursor = this.#env.cursor()
    if (cursor === null) return 'the notes are not listed yet' // the second link would begin later than the first
    const begun = this.#env.clock.now()
    return succeed({
      signal,
      open: events => new Link(way.transport, opener, this.#openingOf(way, token, cursor), way.patience, events),
      wanted: () => this.#link === old,
      take: (link, frame) => {
        this.#link = link
        old.close()
        this.#ready(way, frame)
        this.#established(link, way, token, frame, cursor, begun)
        this.#env.onEvent({ type: 'switched', from: old.transport, to: way.transport, why })
        return this.#eventsOf(() => link, way, token)
      },
    })
  }
}
