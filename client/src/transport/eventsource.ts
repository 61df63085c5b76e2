import type { EventSourceLike } from '../adapters.js'
import { request } from '../connection/http.js'
import { codeOfLast, endOf, endOfRefusal } from '../protocol/close.js'
import { NotewireError, problem } from '../protocol/errors.js'
import type { Frame } from '../protocol/frames.js'
import { has } from '../protocol/parse.js'
import { parseFrame } from '../protocol/parse-frame.js'
import type { Open } from './transport.js'

/** What was in the log before an answer has come over the stream so soon after it, in milliseconds. */
const margin = 5000

/** A native EventSource. It can set no header, so a ticket opens it, for once; it never comes back by itself. */
export const openEventSource: Open = (opening, receiver) => {
  const { network, clock, offer, padding, firstToken } = opening
  let { cursor } = opening
  let source: EventSourceLike | undefined
  let last: Frame | undefined
  let open = true
  let cancel = () => {}
  const end = (reason: string) => {
    if (!open) return
    close()
    receiver.end(endOf(codeOfLast(last), last, reason))
  }
  const begin = async () => {
    const Source = network.EventSource
    if (!Source) throw new NotewireError(problem('internal', 'there is no EventSource here'))
    const query = new URLSearchParams()
    if (cursor !== null) query.set('cursor', cursor)
    if (padding) query.set('padding', String(padding))
    if (firstToken !== null) {
      const answer = await request(opening, 'POST', '/api/tickets', { path: offer.sse.path }, { token: firstToken })
      if (has(answer, 'ticket:s')) query.set('ticket', String(answer.ticket))
    }
    if (!open) return
    source = new Source(`${opening.url}${offer.sse.path}?${query}`)
    source.onmessage = event => {
      if (!open || typeof event.data !== 'string') return
      last = parseFrame(event.data)
      if ('cursor' in last && last.cursor !== undefined) cursor = last.cursor
      receiver.frame(last)
    }
    source.onerror = () => end('the stream ended')
  }
  /** Heartbeats are comments, which an EventSource does not show: what the log has, and the stream has not brought, tells instead. */
  const check = async () => {
    const at = cursor
    if (at === null) return
    const query = new URLSearchParams({ wait: '0', cursor: at })
    const answer = await request(opening, 'POST', `${offer.poll.path}?${query}`, undefined, { ms: 15_000 }).catch(() => undefined)
    if (!open || !has(answer, 'cursor:s') || !Array.isArray(answer.events)) return
    if (!answer.events.length || cursor !== at) return receiver.beat()
    cancel()
    cancel = clock.after(margin, () => (cursor === at ? end('the stream brings nothing any more') : open && receiver.beat()))
  }
  const close = () => {
    open = false
    cancel()
    source?.close()
  }
  begin().catch(error => open && receiver.end(endOfRefusal(error instanceof NotewireError ? error.problem : problem('internal', String(error)))))
  return { close, check: () => void check() }
}
