import { NotewireError, problem } from '../protocol/errors.js'
import { isObject, type Json } from '../protocol/parse.js'
import { request, type Http } from './http.js'

/** What a server has on offer: GET /api/negotiate. */
export interface Offer {
  readonly transports: readonly string[]
  /** Beside the server's address, or elsewhere. */
  readonly websocket: { readonly path: string; readonly url?: string }
  readonly sse: { readonly path: string; readonly paddings: readonly number[] }
  readonly poll: { readonly path: string; readonly waitMs: number }
  readonly probe: { readonly path: string }
  /** How long the answer took, in milliseconds. */
  readonly ms: number
}

/** Asks what is on offer. Rejects with a NotewireError. */
export async function offered(http: Http, signal?: AbortSignal): Promise<Offer> {
  const begun = http.clock.now()
  const answer = await request(http, 'GET', '/api/negotiate', undefined, { ms: 10_000, token: null, ...(signal ? { signal } : {}) }).catch(error => {
    const missing = error instanceof NotewireError && error.problem.status === 404
    throw missing ? new NotewireError(problem('network', `there is no Notewire server at ${http.url}: it has no /api/negotiate`)) : error
  })
  const root = isObject(answer) ? answer : {}
  const part = (name: string): Json => (isObject(root[name]) ? root[name] : {})
  const text = (name: string, member: string, otherwise: string) => (typeof part(name)[member] === 'string' ? (part(name)[member] as string) : otherwise)
  const url = text('websocket', 'url', '')
  const paddings = part('sse').paddings
  const waitMs = part('poll').waitMs
  return {
    transports: Array.isArray(root.transports) ? root.transports.map(String) : ['websocket', 'sse', 'poll'],
    websocket: { path: text('websocket', 'path', '/ws'), ...(url ? { url } : {}) },
    sse: { path: text('sse', 'path', '/api/events'), paddings: Array.isArray(paddings) ? paddings.map(Number) : [] },
    poll: { path: text('poll', 'path', '/api/changes'), waitMs: typeof waitMs === 'number' ? waitMs : 25_000 },
    probe: { path: text('probe', 'path', '/api/probe') },
    ms: http.clock.now() - begun,
  }
}
