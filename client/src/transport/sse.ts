import { codeOfLast, endOf, endOfRefusal } from '../protocol/close.js'
import { NotewireError, problem } from '../protocol/errors.js'
import type { Frame } from '../protocol/frames.js'
import { parseFrame } from '../protocol/parse-frame.js'
import { stream } from './stream.js'
import type { Open } from './transport.js'

/** An event stream, by fetch: the token goes in a header. It is a POST, because some boxes hold back the answers to GETs. */
export const openSse: Open = (opening, receiver) => {
  const control = new AbortController()
  const query = new URLSearchParams()
  if (opening.cursor !== null) query.set('cursor', opening.cursor)
  if (opening.padding) query.set('padding', String(opening.padding))
  const headers: Record<string, string> = { Accept: 'text/event-stream' }
  if (opening.firstToken !== null) headers.Authorization = `Bearer ${opening.firstToken}`
  let last: Frame | undefined
  const get = () => opening.network.fetch(`${opening.url}${opening.offer.sse.path}?${query}`, {
    method: 'POST', headers, signal: control.signal, cache: 'no-store',
  })
  const onData = (data: string) => {
    if (control.signal.aborted) return
    last = parseFrame(data)
    receiver.frame(last)
  }
  stream(get, () => control.signal.aborted || receiver.beat(), onData).then(
    () => endOf(codeOfLast(last), last, 'the stream ended'),
    error => (last ? endOf(codeOfLast(last), last, String(error)) : endOfRefusal(error instanceof NotewireError ? error.problem : problem('internal', String(error)))),
  ).then(end => control.signal.aborted || receiver.end(end))
  return { close: () => control.abort() }
}
