import { request } from '../connection/http.js'
import { codeOfLast, endOf, endOfRefusal } from '../protocol/close.js'
import { NotewireError, problem } from '../protocol/errors.js'
import { has } from '../protocol/parse.js'
import { frameOf } from '../protocol/parse-frame.js'
import type { Open } from './transport.js'

/** Requests that wait for news. They work where nothing else does. */
export const openPoll: Open = (opening, receiver) => {
  const control = new AbortController()
  const { waitMs, path } = opening.offer.poll
  const ended = () => control.signal.aborted
  const run = async () => {
    let { cursor } = opening
    for (let first = true, more = true; ; first = false) {
      const query = new URLSearchParams({ wait: String(more ? 0 : waitMs / 1000) })
      if (cursor !== null) query.set('cursor', cursor)
      const token = first ? opening.firstToken : await opening.token()
      const answer = await request(opening, 'POST', `${path}?${query}`, undefined, { signal: control.signal, ms: waitMs + 15_000, token })
      if (ended()) return
      if (!has(answer, 'cursor:s') || !Array.isArray(answer.events)) throw new NotewireError(problem('network', 'an answer that is not Notewire’s'))
      receiver.beat()
      // A poll has the events alone: what the others begin with is said here.
      if (first) receiver.frame({ type: 'auth_success', message: '', userId: opening.user, cursor: cursor ?? String(answer.cursor), connectionId: '' })
      for (const event of answer.events as unknown[]) {
        const frame = frameOf(event)
        if (ended()) return
        receiver.frame(frame)
        const code = codeOfLast(frame)
        if (code !== 1006) return receiver.end(endOf(code, frame))
      }
      cursor = String(answer.cursor)
      more = answer.more === true
      if (!ended()) receiver.frame({ type: 'unknown', was: 'poll', cursor, raw: null }) // it may be later than the last event's
    }
  }
  run().catch(error => ended() || receiver.end(endOfRefusal(error instanceof NotewireError ? error.problem : problem('internal', String(error)))))
  return { close: () => control.abort() }
}
