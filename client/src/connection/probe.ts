import type { Measured } from '../api.js'
import { NotewireError } from '../protocol/errors.js'
import { has, parseJson } from '../protocol/parse.js'
import { stream } from '../transport/stream.js'
import type { Http } from './http.js'
import type { Offer } from './offer.js'
import { within } from './within.js'

/** Milliseconds between two events of a probe: arrivals that vary by less than half of it are not taken for a buffer. */
const gaps = { first: 100, again: 400 }

/** How long a probe may take, in milliseconds. */
const patience = 8000

/** An event of a probe. */
export interface Probed {
  /** Bytes before it. */
  readonly sent: number
  /** When it was sent, by the server's clock. */
  readonly at: number
  /** When it came, by this one. */
  readonly came: number
}

/**
 * Reads the server's probe: what comes when says how many bytes something on the way holds back. Where all seems to be, it may
 * be that this page was busy for a moment: a slower probe decides.
 */
export async function probe(http: Http, offer: Offer, signal: AbortSignal): Promise<Measured> {
  const quick = await once(http, offer, signal, gaps.first)
  return quick.ok && quick.holdBack === Infinity ? once(http, offer, signal, gaps.again) : quick
}

async function once(http: Http, offer: Offer, signal: AbortSignal, gap: number): Promise<Measured> {
  const begun = http.clock.now()
  const events: Probed[] = []
  const onData = (data: string) => {
    const event = parseJson(data)
    if (has(event, 'sent:n at:n')) events.push({ sent: event.sent as number, at: event.at as number, came: http.clock.now() })
  }
  try {
    await within(http.clock, patience, inner => {
      const get = () => http.network.fetch(`${http.url}${offer.probe.path}?gap=${gap}`, { headers: { Accept: 'text/event-stream' }, signal: inner, cache: 'no-store' })
      return stream(get, () => {}, onData)
    }, signal)
  } catch (error) {
    if (!events.length) return { ok: false, why: error instanceof NotewireError ? error.problem.message : String(error) }
  }
  const [first] = events
  if (!first) return { ok: false, why: 'the probe brought nothing' }
  return { ok: true, ms: first.came - begun, holdBack: heldBack(events, gap) }
}

/**
 * How many bytes were held back. The event that took least from the server's clock to here shows how far apart the clocks are;
 * so much later than that as the first one came, so long it was held. What had been sent by then let it go.
 */
export function heldBack(events: readonly Probed[], gap: number): number {
  const [first] = events
  if (!first) return Infinity
  const held = first.came - first.at - Math.min(...events.map(event => event.came - event.at))
  const release = events.find(event => event.at - first.at >= held - gap / 2)
  if (!release || (release === events.at(-1) && events.length > 1)) return Infinity // the end of the stream let it go
  return release === first ? 0 : release.sent
}
