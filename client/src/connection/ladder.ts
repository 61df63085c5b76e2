import type { Measured, NetworkReport, TransportName } from '../api.js'
import { parts } from '../parts.js'
import type { Http } from './http.js'
import type { Outcome } from './link.js'
import type { NetworkMemory } from './memory.js'
import { offered, type Offer } from './offer.js'

/** A way to connect. */
export interface Way {
  readonly transport: TransportName
  readonly padding: number
  readonly offer: Offer
  /** How long the first message may take, in milliseconds. */
  readonly patience: number
}

/** What a ladder needs. */
export interface LadderEnv extends Http {
  /** In order of preference. */
  readonly transports: readonly TransportName[]
  readonly memory: NetworkMemory
  readonly onReport: (report: NetworkReport) => void
}

/** A transport is given up after going silent so often, or being cut off soon after it began so often in a row. */
const limits = { silences: 2, cuts: 4 }

/** A connection that was cut off sooner, in milliseconds, was cut off soon. */
const soon = 10_000

/**
 * Chooses the transport: the best that has not shown that it does not work here. It goes down on evidence alone: no message
 * came while other requests were answered. A server that restarts sends nobody down.
 */
export class Ladder {
  readonly #env: LadderEnv
  #offer: Offer | undefined
  #network = ''
  #remembered: Way['transport'] | undefined
  #padding = 0
  readonly #down = new Set<TransportName>()
  readonly #measured: { [T in TransportName]?: Measured } = {}
  #silences = 0
  #cuts = 0
  #forced: TransportName | undefined
  #why = 'nothing was measured yet'

  constructor(env: LadderEnv) {
    this.#env = env
  }

  /** Uses one transport alone; undefined: chooses. */
  force(transport: TransportName | undefined): void {
    this.#forced = transport
    this.#down.clear()
  }

  /** How to connect now. Rejects with a NotewireError where the server cannot be asked. */
  async choose(signal: AbortSignal): Promise<Way> {
    await this.#arrive()
    this.#offer ??= await offered(this.#env, signal)
    if (!this.#order().length) this.#down.clear() // nothing works: begin again
    const [best = 'poll'] = this.#order()
    const remembered = this.#remembered
    const transport = this.#forced ?? (remembered && this.#order().includes(remembered) ? remembered : best)
    if (transport === 'sse-padded') this.#padding ||= Math.max(0, ...this.#offer.sse.paddings)
    return this.#way(transport, this.#offer)
  }

  /** Learns from the end of a connection. Resolves when it is known whether the transport is to blame. */
  async judge(way: Way, outcome: Outcome, signal: AbortSignal): Promise<void> {
    if (outcome.said) return
    if (outcome.ready && outcome.lived >= soon) this.#cuts = 0
    if (outcome.heard && outcome.silent) this.#silences++
    else if (outcome.heard && outcome.lived < soon) this.#cuts++
    if (outcome.heard && this.#silences < limits.silences && this.#cuts < limits.cuts) return
    this.#offer = undefined
    if (this.#forced) return
    this.#offer = await offered(this.#env, signal).catch(() => undefined)
    if (!this.#offer) return // nothing is answered: that says nothing of the transport
    this.#measured[way.transport] = { ok: false, why: outcome.end.problem.message }
    this.#down.add(way.transport)
    this.#remembered = undefined
    this.#silences = this.#cuts = 0
    await this.#measureStreams(this.#offer, signal)
    this.#tell(`${way.transport}: ${outcome.end.problem.message}`)
  }

  /** A connection works. */
  async works(way: Way, ms: number): Promise<void> {
    this.#measured[way.transport] = { ...this.#measured[way.transport], ok: true, ms }
    this.#silences = 0
    this.#tell(this.#forced ? 'chosen by hand' : way.transport === this.#best() ? 'the best transport works' : this.#why, way.transport)
    if (this.#forced) return
    this.#remembered = way.transport === this.#best() ? undefined : way.transport
    await this.#env.memory.remember(this.#network, this.#remembered && { transport: way.transport, padding: way.padding })
  }

  /** Ways that are better than one that works, best first: they may have come back. */
  async better(way: Way, signal: AbortSignal): Promise<readonly Way[]> {
    if (this.#forced || way.transport === this.#best()) return []
    const offer = (this.#offer = await offered(this.#env, signal))
    const all = this.#allowed(offer)
    const above = all.slice(0, Math.max(0, all.indexOf(way.transport)))
    for (const transport of above) this.#down.delete(transport)
    if (above.some(transport => transport !== 'websocket')) await this.#measureStreams(offer, signal)
    return this.#order().filter(transport => above.includes(transport)).map(transport => this.#way(transport, offer))
  }

  /** A better way was tried in vain. */
  vain(way: Way, why: string): void {
    this.#measured[way.transport] = { ok: false, why }
    this.#down.add(way.transport)
  }

  /** What it found out about the network; a change of network begins anew. */
  async #arrive(): Promise<void> {
    const network = `${this.#env.url} ${this.#env.network.kind()}`.trim()
    if (network === this.#network) return
    this.#network = network
    this.#down.clear()
    this.#offer = undefined
    this.#cuts = this.#silences = 0
    for (const transport of Object.keys(this.#measured) as TransportName[]) delete this.#measured[transport]
    const remembered = await this.#env.memory.recall(network)
    this.#remembered = remembered?.transport
    this.#padding = remembered?.padding ?? 0
    if (remembered) this.#why = 'it worked here before'
  }

  #allowed(offer: Offer | undefined): readonly TransportName[] {
    const { WebSocket, EventSource } = this.#env.network
    return this.#env.transports.filter(transport =>
      transport === 'websocket' ? WebSocket && (offer?.transports.includes('websocket') ?? true)
        : transport === 'eventsource' ? EventSource : true)
  }

  #order(): readonly TransportName[] {
    return this.#allowed(this.#offer).filter(transport => !this.#down.has(transport))
  }

  #best(): TransportName | undefined {
    return this.#allowed(this.#offer)[0]
  }

  #way(transport: TransportName, offer: Offer): Way {
    const padding = transport === 'sse-padded' ? this.#padding : 0
    return { transport, padding, offer, patience: Math.max(3000, 6 * offer.ms) }
  }

  /** Which event streams make sense here: what is held back decides. */
  async #measureStreams(offer: Offer, signal: AbortSignal): Promise<void> {
    const { probe } = await parts.fallbacks()
    const measured = await probe(this.#env, offer, signal)
    const { holdBack = Infinity } = measured
    const padding = offer.sse.paddings.filter(size => size >= holdBack).sort((a, b) => a - b)[0]
    const set = (transport: TransportName, ok: boolean) => {
      if (!ok) this.#down.add(transport)
      this.#measured[transport] = { ...measured, ok, ...(ok ? {} : { why: measured.why ?? `${holdBack} bytes are held back` }) }
    }
    if (!measured.ok) return // it may be the probe alone
    for (const transport of ['sse', 'eventsource'] as const) set(transport, holdBack === 0)
    set('sse-padded', padding !== undefined && holdBack > 0)
    this.#padding = padding ?? this.#padding
  }

  #tell(why: string, chosen: TransportName | null = this.#order()[0] ?? null): void {
    this.#why = why
    this.#env.onReport({
      network: this.#network, chosen, padding: chosen === 'sse-padded' ? this.#padding : 0, measuredAt: this.#env.clock.now(), why,
      measured: { ...this.#measured },
    })
  }
}
