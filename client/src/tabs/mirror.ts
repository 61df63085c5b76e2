import type { Channel, Clock } from '../adapters.js'
import type { ConnectionState, NetworkReport, TransportName } from '../api.js'
import type { Change } from '../outbox/outbox.js'
import type { Item } from '../outbox/item.js'
import type { UpFrame } from '../protocol/up.js'
import type { StoreAction } from '../store/apply.js'
import type { ServerState } from '../store/state.js'

/** All that a tab needs to show what the leader shows. */
export interface Snapshot {
  readonly state: ServerState
  readonly items: readonly Item[]
  readonly connection: ConnectionState
  readonly userId: string
  /** Undefined: nothing was measured yet. */
  readonly report: NetworkReport | undefined
}

/** What the leader does, in order. */
export type Step =
  | { readonly t: 'act'; readonly action: StoreAction }
  | { readonly t: 'items'; readonly changes: readonly Change[] }
  | { readonly t: 'report'; readonly report: NetworkReport }
  | { readonly t: 'connection'; readonly connection: ConnectionState; readonly userId: string }

/** What a follower asks of the leader. */
export type Ask =
  | { readonly t: 'hello'; readonly tab: string }
  | { readonly t: 'queue'; readonly tab: string; readonly items: readonly Item[] }
  | { readonly t: 'retry' | 'discard'; readonly id: string }
  | { readonly t: 'up'; readonly frame: UpFrame }
  | { readonly t: 'reconnect' }
  | { readonly t: 'use'; readonly transport: TransportName | undefined }

type Message =
  | Ask
  | { readonly t: 'lead'; readonly fence: number }
  | { readonly t: 'snapshot'; readonly fence: number; readonly n: number; readonly to: string; readonly snapshot: Snapshot }
  | { readonly t: 'step'; readonly fence: number; readonly n: number; readonly step: Step }
  | { readonly t: 'dismissed'; readonly key: string }

/** Whom a mirror tells. */
export interface MirrorEvents {
  /** To the leader. */
  asked(ask: Ask): void
  snapshot(): Snapshot
  /** To followers. */
  took(snapshot: Snapshot): void
  step(step: Step): void
  /** There should be a leader, and it does not answer. */
  noAnswer(): void
  /** A conflict was dismissed in another tab. */
  dismissed(key: string): void
}

/** How long a leader has to answer, in milliseconds, before it counts as frozen. */
const patience = 10_000

/**
 * The tabs of one account among each other. The leader numbers what it does; who misses a number, or hears of another leader,
 * asks for all of it. A leader whose fencing number is not the newest is not listened to.
 */
export class Mirror {
  readonly #channel: Channel
  readonly #clock: Clock
  readonly #tab: string
  readonly #events: MirrorEvents
  /** While this tab leads: its number. */
  #leading: number | undefined
  #fence = 0
  #n = 0
  #inStep = false
  #waiting: (() => void) | undefined

  constructor(channel: Channel, clock: Clock, tab: string, events: MirrorEvents) {
    this.#channel = channel
    this.#clock = clock
    this.#tab = tab
    this.#events = events
    channel.onMessage(message => this.#message(message as Message))
  }

  /** This tab leads from now on. */
  lead(fence: number): void {
    this.#leading = this.#fence = fence
    this.#n = 0
    this.#heard()
    this.#post({ t: 'lead', fence })
  }

  /** It leads no more. */
  follow(): void {
    this.#leading = undefined
    this.#inStep = false
  }

  /** Asks the leader; it has to say something soon. */
  ask(ask: Ask): void {
    this.#post(ask)
    this.#waiting ??= this.#clock.after(patience, () => {
      this.#waiting = undefined
      if (this.#leading === undefined) this.#events.noAnswer()
    })
  }

  /** Tells the followers. */
  tell(step: Step): void {
    if (this.#leading !== undefined) this.#post({ t: 'step', fence: this.#leading, n: ++this.#n, step })
  }

  dismiss(key: string): void {
    this.#post({ t: 'dismissed', key })
  }

  close(): void {
    this.#heard()
    this.#channel.close()
  }

  #post(message: Message): void {
    this.#channel.post(message)
  }

  #heard(): void {
    this.#waiting?.()
    this.#waiting = undefined
  }

  #message(message: Message): void {
    switch (message.t) {
      case 'dismissed':
        return this.#events.dismissed(message.key)
      case 'lead':
      case 'snapshot':
      case 'step':
        return this.#fromLeader(message)
    }
    if (this.#leading === undefined) return
    if (message.t === 'hello') {
      this.#post({ t: 'snapshot', fence: this.#leading, n: this.#n, to: message.tab, snapshot: this.#events.snapshot() })
    }
    this.#events.asked(message)
  }

  #fromLeader(message: Extract<Message, { fence: number }>): void {
    if (message.fence < this.#fence || this.#leading !== undefined) return // it led once
    this.#heard()
    const before = this.#fence
    this.#fence = message.fence
    if (message.t === 'snapshot') {
      if (message.to !== this.#tab) return
      this.#n = message.n
      this.#inStep = true
      return this.#events.took(message.snapshot)
    }
    if (message.t === 'lead' || message.fence !== before) {
      this.#inStep = false
      return this.ask({ t: 'hello', tab: this.#tab })
    }
    if (!this.#inStep) return // the snapshot will have it
    if (message.n <= this.#n) return
    if (message.n > this.#n + 1) {
      this.#inStep = false
      return this.ask({ t: 'hello', tab: this.#tab })
    }
    this.#n = message.n
    this.#events.step(message.step)
  }
}
