import { expect, test } from 'vitest'
import type { EventSourceLike, Network } from '../../src/index.js'
import type { End } from '../../src/protocol/close.js'
import type { Frame } from '../../src/protocol/frames.js'
import { Link, type Outcome } from '../../src/connection/link.js'
import { openEventSource } from '../../src/transport/eventsource.js'
import type { Opening } from '../../src/transport/transport.js'
import { VirtualClock } from '../sim/clock.js'

/** A browser's EventSource, and the requests beside it. */
class Page {
  readonly clock = new VirtualClock()
  readonly sources: (EventSourceLike & { url: string; closed: boolean })[] = []
  readonly requests: { path: string; token: string | undefined; body: unknown }[] = []
  /** What is answered to GET /api/changes without waiting. */
  news: unknown[] = []
  ticketStatus = 200

  opening(more: Partial<Opening> = {}): Opening {
    const page = this
    const network: Network = {
      fetch: async (url, init) => {
        const { pathname, search } = new URL(url)
        page.requests.push({
          path: pathname + search, token: (init?.headers as Record<string, string>).Authorization,
          body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
        })
        if (pathname === '/api/changes') return Response.json({ events: page.news, cursor: 'e-9', more: false })
        if (page.ticketStatus !== 200) return Response.json({ error: { code: 'unauthenticated', message: 'no' } }, { status: page.ticketStatus })
        return Response.json({ ticket: 'once' })
      },
      EventSource: class {
        onmessage = null
        onerror = null
        closed = false
        readonly url: string
        constructor(url: string) {
          this.url = url
          page.sources.push(this)
        }
        close() {
          this.closed = true
        }
      },
      online: () => true, onChange: () => () => {}, kind: () => '',
    }
    return {
      url: 'http://server', network, clock: this.clock, token: async () => 'token2', firstToken: 'token1', user: 'ada', cursor: 'e-5', padding: 0,
      offer: {
        transports: ['sse', 'poll'], websocket: { path: '/ws' }, sse: { path: '/api/events', paddings: [] }, poll: { path: '/api/changes', waitMs: 25_000 },
        probe: { path: '/api/probe' }, ms: 10,
      },
      ...more,
    }
  }

  async link(): Promise<{ link: Link; outcomes: Outcome[] }> {
    const outcomes: Outcome[] = []
    const link = new Link('eventsource', openEventSource, this.opening(), 5000, {
      ready() {}, frame() {}, latency() {}, end: outcome => outcomes.push(outcome),
    })
    await this.clock.pass(10)
    this.say({ type: 'auth_success', message: '', userId: 'ada', cursor: 'e-5', connectionId: 'c' })
    return { link, outcomes }
  }

  say(frame: object): void {
    this.sources[0]?.onmessage?.({ data: JSON.stringify(frame), lastEventId: '' })
  }
}

const note = { type: 'mutation_ack', op: 'organise', timestamp: 1, cursor: 'e-6', mutationId: 'm' }

test('a ticket opens it, not the token, and what comes is handed on until it is closed', async () => {
  const page = new Page()
  const frames: Frame[] = []
  const wire = openEventSource(page.opening({ padding: 2048 }), { frame: frame => frames.push(frame), beat() {}, end() {} })
  await page.clock.pass(10)
  expect(page.requests).toEqual([{ path: '/api/tickets', token: 'Bearer token1', body: { path: '/api/events' } }])
  expect(page.sources.map(({ url }) => url)).toEqual(['http://server/api/events?cursor=e-5&padding=2048&ticket=once'])
  page.say(note)
  page.say({ type: 'of tomorrow', cursor: 'e-7' })
  expect(frames.map(({ type }) => type)).toEqual(['mutation_ack', 'unknown'])
  wire.close()
  page.say(note)
  expect(frames).toHaveLength(2)
  expect(page.sources[0]?.closed).toBe(true)
})

test('local mode needs no ticket', async () => {
  const page = new Page()
  openEventSource(page.opening({ firstToken: null, cursor: null }), { frame() {}, beat() {}, end() {} })
  await page.clock.pass(10)
  expect(page.requests).toEqual([])
  expect(page.sources[0]?.url).toBe('http://server/api/events?')
})

test('it never comes back by itself: an error ends it, with what the last frame said', async () => {
  const page = new Page()
  const ends: End[] = []
  openEventSource(page.opening(), { frame() {}, beat() {}, end: end => ends.push(end) })
  await page.clock.pass(10)
  page.say({ type: 'reconnect', code: 4001, reason: 'restart', retryAfterMs: 200 })
  page.sources[0]?.onerror?.(undefined as never)
  page.sources[0]?.onerror?.(undefined as never)
  expect(page.sources[0]?.closed).toBe(true)
  expect(ends).toMatchObject([{ code: 4001, verdict: 'again', retryAfterMs: 200 }])
})

test('a token that gets no ticket asks for a fresh one', async () => {
  const page = new Page()
  page.ticketStatus = 401
  const ends: End[] = []
  openEventSource(page.opening(), { frame() {}, beat() {}, end: end => ends.push(end) })
  await page.clock.pass(10)
  expect(page.sources).toEqual([])
  expect(ends).toMatchObject([{ verdict: 'fresh-token' }])
})

test('a stream on which nothing happens lives: its heartbeats are not seen, so the log is asked', async () => {
  const page = new Page()
  const { outcomes } = await page.link()
  await page.clock.pass(3_600_000)
  expect(outcomes).toEqual([])
  expect(page.requests.at(-1)).toMatchObject({ path: '/api/changes?wait=0&cursor=e-5', token: 'Bearer token2' })
})

test('a stream that does not bring what the log has is dead, within two minutes', async () => {
  const page = new Page()
  const { outcomes } = await page.link()
  page.news = [note]
  await page.clock.pass(120_000)
  expect(outcomes).toMatchObject([{ heard: true, ready: true, end: { verdict: 'again' } }])
})

test('what comes over the stream a moment after the answer is not missing', async () => {
  const page = new Page()
  const { outcomes } = await page.link()
  page.news = [note]
  await page.clock.pass(41_000)
  page.say(note)
  page.news = []
  await page.clock.pass(120_000)
  expect(outcomes).toEqual([])
})
