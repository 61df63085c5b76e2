import type { Clock, Network } from '../adapters.js'
import { NotewireError, problem } from '../protocol/errors.js'
import { parseJson } from '../protocol/parse.js'
import { problemOfAnswer } from '../protocol/problem.js'
import { within } from './within.js'

/** How requests are made. */
export interface Http {
  readonly url: string
  readonly network: Network
  readonly clock: Clock
  /** A token that may be used now; null in local mode. */
  readonly token: () => Promise<string | null>
}

/** How long an answer may take, in milliseconds. */
const patience = 30_000

/**
 * Makes a request, and answers what its JSON says. Rejects with a NotewireError: with the server's refusal, or `network` where
 * no answer came that is Notewire's.
 */
export async function request(
  http: Http, method: string, path: string, body?: unknown, options: { signal?: AbortSignal; ms?: number; token?: string | null } = {},
): Promise<unknown> {
  const token = options.token === undefined ? await reach(http.token) : options.token
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (token !== null) headers.Authorization = `Bearer ${token}`
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  return within(http.clock, options.ms ?? patience, async signal => {
    const answer = await reach(() => http.network.fetch(http.url + path, { method, headers, signal, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }))
    const text = await reach(() => answer.text())
    const json = text === '' ? null : parseJson(text)
    if (!answer.ok) throw new NotewireError(problemOfAnswer(answer.status, json, answer.headers.get('Retry-After')))
    if (json === undefined) throw new NotewireError(problem('network', 'an answer that is not Notewire’s', { status: answer.status }))
    return json
  }, options.signal)
}

/** What fetch, or a provider of tokens, throws is not for people: it is `network`. */
export async function reach<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof NotewireError) throw error
    throw new NotewireError(problem('network', error instanceof Error ? error.message : String(error)))
  }
}
