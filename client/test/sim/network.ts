import type { Network, SocketLike } from '../../src/index.js'
import { isObject, parseJson } from '../../src/protocol/parse.js'
import type { VirtualClock } from './clock.js'
import type { Answer, Server, Stream } from './server.js'

/** What a network does to what passes through it. */
export interface Faults {
  online: boolean
  /** Of requests that never arrive. */
  lostRequests: number
  /** Of answers that never come. */
  lostAnswers: number
  /** Of requests that are answered with a 5xx or 429. */
  refused: number
  /** `none`: they cannot be opened; `mute`: they open, and nothing passes. */
  sockets: 'fine' | 'none' | 'mute'
  /** Streams come when they end, or never. */
  streams: 'fine' | 'held'
  /** In milliseconds, at random up to. */
  latency: number
  kind: string
}

/** A network where all is well. */
export const fine: Faults = { online: true, lostRequests: 0, lostAnswers: 0, refused: 0, sockets: 'fine', streams: 'fine', latency: 40, kind: '' }

/** A device's network: requests of its tabs to the server, with faults. */
export class FakeNetwork {
  readonly faults: Faults
  /** Requests that were made, for tests. */
  readonly requests: string[] = []
  readonly #clock: VirtualClock
  readonly #server: Server
  readonly #listeners = new Set<() => void>()
  readonly #cuts = new Set<() => void>()
  /** Streams that hang: they deliver nothing more, and do not end. */
  readonly #hung = new WeakSet<object>()
  readonly #live = new Set<object>()

  constructor(clock: VirtualClock, server: Server, faults: Partial<Faults> = {}) {
    this.#clock = clock
    this.#server = server
    this.faults = { ...fine, ...faults }
  }

  /** Cuts all streams. */
  cut(): void {
    for (const cut of [...this.#cuts]) cut()
  }

  /** All streams hang: half-open. */
  hang(): void {
    for (const each of this.#live) this.#hung.add(each)
  }

  setOnline(online: boolean): void {
    this.faults.online = online
    if (!online) this.cut()
    for (const listener of [...this.#listeners]) listener()
  }

  /** The network as one tab has it; nothing of it happens after the tab is dead. */
  adapter(dead: () => boolean): Network {
    const self = this
    return {
      fetch: (url, init = {}) => this.#fetch(url, init, dead),
      WebSocket: class extends FakeSocket {
        constructor(url: string) {
          super()
          self.#socket(this, url, dead)
        }
      },
      online: () => this.faults.online,
      onChange: listener => {
        const own = () => dead() || listener()
        this.#listeners.add(own)
        return () => void this.#listeners.delete(own)
      },
      kind: () => this.faults.kind,
    }
  }

  #delay(): number {
    return 1 + this.#clock.random() * this.faults.latency
  }

  #happens(share: number): boolean {
    return share > 0 && this.#clock.random() < share
  }

  #fetch(url: string, init: RequestInit, dead: () => boolean): Promise<Response> {
    return new Promise((resolve, reject) => {
      const fail = () => dead() || reject(new TypeError('fetch failed'))
      init.signal?.addEventListener('abort', () => dead() || reject(new DOMException('aborted', 'AbortError')))
      if (!this.faults.online) return void this.#clock.after(1, fail)
      const { pathname, searchParams } = new URL(url)
      this.requests.push(pathname)
      const headers = init.headers as Record<string, string> | undefined
      const user = headers?.Authorization?.replace('Bearer ', '') ?? null
      const isStream = pathname === '/api/events' || pathname === '/api/probe'
      this.#clock.after(this.#delay(), () => {
        if (!this.faults.online || this.#happens(this.faults.lostRequests)) return void this.#clock.after(1000, fail)
        if (this.#happens(this.faults.refused)) return this.#answer(resolve, refusal(this.#clock.random()), dead)
        if (isStream) {
          if (this.faults.streams === 'held') return // until it is given up
          if (pathname === '/api/probe') return resolve(streamed(this.#probe(init, dead)))
          const failure = this.#server.failing(pathname)
          return failure ? this.#answer(resolve, failure, dead) : resolve(streamed(this.#events(user ?? '', searchParams.get('cursor'), init, dead)))
        }
        const body = typeof init.body === 'string' ? parseJson(init.body) : {}
        if (pathname === '/api/changes') return this.#poll(user ?? '', searchParams, init, resolve, dead)
        const answer = this.#server.handle(init.method ?? 'GET', pathname, searchParams, user, isObject(body) ? body : {})
        if (this.#happens(this.faults.lostAnswers)) return void this.#clock.after(1000, fail)
        this.#answer(resolve, answer, dead)
      })
    })
  }

  #answer(resolve: (response: Response) => void, { status, body, headers }: Answer, dead: () => boolean): void {
    const text = JSON.stringify(body ?? null)
    this.#clock.after(this.#delay(), () => dead() || resolve({
      ok: status < 300, status, headers: new Headers(headers), text: async () => text, body: {},
    } as unknown as Response))
  }

  #poll(user: string, query: URLSearchParams, init: RequestInit, resolve: (response: Response) => void, dead: () => boolean): void {
    const ask = () => this.#server.poll(user, query.get('cursor'))
    const first = ask()
    if (Number(query.get('wait')) === 0 || (first.events as unknown[]).length) return this.#answer(resolve, { status: 200, body: first }, dead)
    let open = true
    const end = () => {
      if (!open) return
      open = false
      this.#server.streams.delete(stream)
      cancel()
      if (!init.signal?.aborted) this.#answer(resolve, { status: 200, body: ask() }, dead)
    }
    const cancel = this.#clock.after(25_000, end)
    const stream: Stream = { user, connectionId: '', send: end, end }
    this.#server.streams.add(stream)
    init.signal?.addEventListener('abort', end)
  }

  #pipe(init: RequestInit, dead: () => boolean): Pipe {
    const pipe = new Pipe()
    const cut = () => {
      this.#cuts.delete(cut)
      if (!dead()) pipe.fail()
    }
    this.#cuts.add(cut)
    this.#live.add(pipe)
    init.signal?.addEventListener('abort', () => {
      pipe.closed = true
      cut()
    })
    return pipe
  }

  #probe(init: RequestInit, dead: () => boolean): Pipe {
    const pipe = this.#pipe(init, dead)
    let sent = 0
    for (let n = 0; n < 6; n++) {
      this.#clock.after(1 + n * 50, () => {
        const text = `data: ${JSON.stringify({ type: 'probe', n: n + 1, sent, at: this.#clock.now() })}\n\n`
        sent += 1024
        pipe.push(text)
        if (n === 5) pipe.end()
      })
    }
    return pipe
  }

  #events(user: string, cursor: string | null, init: RequestInit, dead: () => boolean): Pipe {
    const pipe = this.#pipe(init, dead)
    const order = new InOrder(this.#clock, () => this.#delay() / 4)
    const stream = this.#server.open({
      user,
      send: frame => order.then(() => this.#hung.has(pipe) || pipe.push(`data: ${JSON.stringify(frame)}\n\n`)),
      end: () => order.then(() => this.#hung.has(pipe) || pipe.end()),
    }, cursor)
    const beat = () => {
      if (pipe.closed || dead()) return void this.#server.streams.delete(stream)
      if (!this.#hung.has(pipe)) pipe.push(': hb\n\n')
      this.#clock.after(25_000, beat)
    }
    this.#clock.after(25_000, beat)
    return pipe
  }

  #socket(socket: FakeSocket, url: string, dead: () => boolean): void {
    const close = (code: number, reason = '') => {
      if (socket.over) return
      socket.over = true
      this.#cuts.delete(cut)
      if (stream) this.#server.streams.delete(stream)
      if (!dead()) socket.onclose?.({ code, reason })
    }
    const cut = () => close(1006)
    let stream: Stream | undefined
    const order = new InOrder(this.#clock, () => this.#delay() / 4)
    const { sockets } = this.faults
    const down = (frame: object) => order.then(() => {
      if (!socket.over && !dead() && !this.#hung.has(socket) && sockets === 'fine') socket.onmessage?.({ data: JSON.stringify(frame) })
    })
    this.#live.add(socket)
    this.#cuts.add(cut)
    socket.closing = () => {
      socket.over = true
      this.#cuts.delete(cut)
      if (stream) this.#server.streams.delete(stream)
    }
    const id = this.#server.connectionId()
    socket.sending = text => {
      const frame = parseJson(text)
      if (!isObject(frame)) return
      this.requests.push(`ws ${String(frame.type)}`)
      order.then(() => {
        if (socket.over || this.#hung.has(socket) || sockets !== 'fine') return
        if (frame.type === 'ping') return down({ type: 'pong', timestamp: this.#clock.now() })
        if (frame.type !== 'auth') return
        if (stream) return down({ type: 'auth_success', message: '', userId: stream.user, cursor: this.#server.cursor(this.#server.head(stream.user)), connectionId: id })
        stream = this.#server.open({ user: String(frame.token), send: down, end: (code, reason) => order.then(() => close(code, reason)) }, typeof frame.cursor === 'string' ? frame.cursor : null)
      })
    }
    this.#clock.after(this.#delay(), () => {
      if (socket.over) return
      if (!this.faults.online || sockets === 'none' || !url.startsWith('ws') || this.#server.failing('/ws')) return close(1006)
      if (!dead()) socket.onopen?.(undefined as never)
      down({ type: 'connection_established', message: '', connectionId: id })
    })
  }
}

class FakeSocket implements SocketLike {
  onopen: SocketLike['onopen'] = null
  onmessage: SocketLike['onmessage'] = null
  onclose: SocketLike['onclose'] = null
  onerror: SocketLike['onerror'] = null
  over = false
  sending: (text: string) => void = () => {}
  closing: () => void = () => {}

  send(text: string): void {
    if (!this.over) this.sending(text)
  }

  close(): void {
    this.closing()
  }
}

/** Things happen later, but in order. */
class InOrder {
  readonly #clock: VirtualClock
  readonly #delay: () => number
  #at = 0

  constructor(clock: VirtualClock, delay: () => number) {
    this.#clock = clock
    this.#delay = delay
  }

  then(call: () => void): void {
    this.#at = Math.max(this.#at, this.#clock.now() + this.#delay())
    this.#clock.after(this.#at - this.#clock.now(), call)
  }
}

/** A body that is being written. */
class Pipe {
  closed = false
  #chunks: Uint8Array[] = []
  #done = false
  #failed = false
  #wake = () => {}

  push(text: string): void {
    this.#chunks.push(new TextEncoder().encode(text))
    this.#wake()
  }

  end(): void {
    this.closed = this.#done = true
    this.#wake()
  }

  fail(): void {
    this.closed = this.#failed = true
    this.#wake()
  }

  async read(): Promise<{ done: boolean; value: Uint8Array | undefined }> {
    for (;;) {
      if (this.#failed) throw new TypeError('network error')
      const value = this.#chunks.shift()
      if (value) return { done: false, value }
      if (this.#done) return { done: true, value: undefined }
      await new Promise<void>(resolve => (this.#wake = resolve))
    }
  }
}

function streamed(pipe: Pipe): Response {
  return { ok: true, status: 200, headers: new Headers(), body: { getReader: () => pipe } } as unknown as Response
}

function refusal(random: number): Answer {
  if (random < 0.3) return { status: 429, body: { error: { code: 'rate_limited', message: 'slow down', retryAfterMs: 2000 } }, headers: { 'Retry-After': '2' } }
  if (random < 0.6) return { status: 503, body: { error: { code: 'unavailable', message: 'try again' } } }
  return { status: 502, body: '<html>Bad Gateway</html>' }
}
