import type { Clock } from '../adapters.js'
import type { TransportName } from '../api.js'
import type { End } from '../protocol/close.js'
import { problem } from '../protocol/errors.js'
import type { Frame } from '../protocol/frames.js'
import type { Open, Opening, Wire } from '../transport/transport.js'
import type { UpFrame } from '../protocol/up.js'

/** Signed in. */
export type AuthSuccess = Extract<Frame, { type: 'auth_success' }>

/** How a link ended, and what that says of the network. */
export interface Outcome {
  readonly end: End
  /** A message came over it. */
  readonly heard: boolean
  readonly ready: boolean
  /** It ended because nothing came any more. */
  readonly silent: boolean
  /** The server itself ended it, and said so. */
  readonly said: boolean
  /** How long it was signed in, in milliseconds. */
  readonly lived: number
}

/** Whom a link tells. After `end` nothing more. */
export interface LinkEvents {
  /** Signed in, for the first time or again. The frame is not handed on. */
  ready(frame: AuthSuccess, first: boolean): void
  frame(frame: Frame): void
  end(outcome: Outcome): void
  latency(ms: number): void
}

/** In milliseconds. A page does not see the server's pings, so it sends its own. */
const times = { ping: 25_000, look: 40_000, silence: 80_000, signIn: 15_000, check: 5000, checkOthers: 35_000 }

/**
 * A transport with deadlines: for its first message (that it opens says nothing), for signing in, and for silence.
 */
export class Link {
  readonly transport: TransportName
  /** Of the connection at the server; empty of a poll. */
  connectionId = ''
  readonly #clock: Clock
  readonly #events: LinkEvents
  readonly #wire: Wire
  #state: 'opening' | 'heard' | 'ready' | 'ended' = 'opening'
  #since = 0
  #last: Frame | undefined
  #pingedAt: number | undefined
  #deadline = () => {}
  #ping = () => {}

  /** @param patience how long the first message may take, in milliseconds */
  constructor(transport: TransportName, open: Open, opening: Opening, patience: number, events: LinkEvents) {
    this.transport = transport
    this.#clock = opening.clock
    this.#events = events
    this.#expect(patience)
    this.#wire = open(opening, {
      frame: frame => this.#frame(frame),
      beat: () => this.#beat(),
      end: end => this.#end(end, false),
    })
  }

  /** Sends a frame; false: this transport has to use requests. */
  send(frame: UpFrame): boolean {
    if (!this.#wire.send || this.#state === 'ended') return false
    this.#wire.send(frame)
    return true
  }

  /** Whether it is still there: a WebSocket must answer within 5 s, another must bring a sign of life soon. */
  check(): void {
    if (this.#state !== 'ready') return
    if (this.#wire.send) {
      this.#sendPing()
      this.#expect(times.check)
    } else {
      this.#wire.check?.()
      this.#expect(times.checkOthers)
    }
  }

  /** Ends it without a word. */
  close(): void {
    this.#state = 'ended'
    this.#deadline()
    this.#ping()
    this.#wire.close()
  }

  #frame(frame: Frame): void {
    if (this.#state === 'ended') return
    this.#last = frame
    this.#beat()
    if (frame.type === 'auth_success') {
      const first = this.#state !== 'ready'
      if (first) {
        this.#since = this.#clock.now()
        this.#state = 'ready'
        this.#expect(times.silence)
        this.#schedulePing()
      }
      this.connectionId = frame.connectionId
      return this.#events.ready(frame, first)
    }
    if (frame.type === 'pong' && this.#pingedAt !== undefined) {
      this.#events.latency(this.#clock.now() - this.#pingedAt)
      this.#pingedAt = undefined
    }
    if (this.#state === 'heard' && frame.type === 'unknown') return // before signing in only a few things come
    this.#events.frame(frame)
  }

  #beat(): void {
    if (this.#state === 'ended') return
    if (this.#state === 'opening') {
      this.#state = 'heard'
      this.#expect(times.signIn)
    } else if (this.#state === 'ready') this.#expect(times.silence)
  }

  #expect(ms: number): void {
    this.#deadline()
    this.#deadline = this.#clock.after(ms, () => {
      const words = this.#state === 'opening' ? 'no message came' : 'nothing came any more'
      this.#wire.close()
      this.#end({ code: 1006, verdict: 'again', problem: problem('network', `${words} for ${ms} ms`) }, true)
    })
  }

  #schedulePing(): void {
    const { send, check } = this.#wire
    if (!send && check) {
      this.#ping = this.#clock.after(times.look, () => {
        check()
        this.#schedulePing()
      })
    }
    if (!send) return
    this.#ping = this.#clock.after(times.ping, () => {
      this.#sendPing()
      this.#schedulePing()
    })
    if (this.#pingedAt === undefined && this.#since === this.#clock.now()) this.#sendPing() // how far away is it?
  }

  #sendPing(): void {
    this.#pingedAt = this.#clock.now()
    this.#wire.send?.({ type: 'ping' })
  }

  #end(end: End, silent: boolean): void {
    if (this.#state === 'ended') return
    const { type } = this.#last ?? {}
    const outcome: Outcome = {
      end, silent,
      heard: this.#state !== 'opening',
      ready: this.#state === 'ready',
      said: end.code >= 4000 || end.verdict !== 'again' || end.problem.status !== undefined || type === 'reconnect' || type === 'auth_failed',
      lived: this.#state === 'ready' ? this.#clock.now() - this.#since : 0,
    }
    this.#state = 'ended'
    this.#deadline()
    this.#ping()
    this.#events.end(outcome)
  }
}
