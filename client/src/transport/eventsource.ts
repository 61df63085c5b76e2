import { request } from '../connection/http.js'
import { codeOfLast, endOf, endOfRefusal } from '../protocol/close.js'
import { NotewireError, problem } from '../protocol/errors.js'
import type { Frame } from '../protocol/frames.js'
import { has } from '../protocol/parse.js'
import { parseFrame } from '../protocol/parse-frame.js'
import type { EventSourceLike } from '../adapters.js'
import type { Open } from './transport.js'

/** A native EventSource. It can set no header, so a ticket opens it, for once; it never comes back by itself. */
export const openEventSource: Open = (opening, receiver) => {
  const { network, offer, cursor, padding, firstToken } = opening
  let source: EventSourceLike | undefined
  let last: Frame | undefined
  let open = true
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
      receiver.frame(last)
    }
    source.onerror = () => {
      if (!open) return
      close()
      receiver.end(endOf(codeOfLast(last), last, 'the stream ended'))
    }
  }
  const close = () => {
    open = false
    source?.close()
  }
  begin().catch(error => open && receiver.end(endOfRefusal(error instanceof NotewireError ? error.problem : problem('internal', String(error)))))
  return { close }
}
