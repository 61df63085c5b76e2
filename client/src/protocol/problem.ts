import { codeOfStatus, isErrorCode, problem, type Problem } from './errors.js'
import { isObject, noteOf } from './parse.js'

/**
 * Reads what the server says went wrong: the `error` of an answer, or a frame. A code that is not known counts as its status,
 * in a frame as `invalid`.
 */
export function problemOf(raw: unknown, status?: number, retryAfterMs?: number): Problem | undefined {
  if (!isObject(raw) || typeof raw.code !== 'string') return undefined
  const known = isErrorCode(raw.code)
  const code = known ? (raw.code as Problem['code']) : codeOfStatus(status ?? 400)
  const text = (name: string) => (typeof raw[name] === 'string' ? { [name]: raw[name] } : {})
  const current = noteOf(raw.current)
  const base = noteOf(raw.base)
  const wait = typeof raw.retryAfterMs === 'number' ? raw.retryAfterMs : retryAfterMs
  return problem(code, typeof raw.message === 'string' ? raw.message : '', {
    ...text('reason'), ...text('mutationId'), ...text('noteId'),
    ...(known ? {} : { unknownCode: raw.code }),
    ...(status === undefined ? {} : { status }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(current ? { current } : {}),
    ...(base ? { base } : {}),
  })
}

/** What an answer that is no success says. Of one that is not Notewire's nothing is known, so it may be tried again. */
export function problemOfAnswer(status: number, body: unknown, retryAfter: string | null): Problem {
  const seconds = Number(retryAfter)
  const wait = retryAfter !== null && Number.isFinite(seconds) ? seconds * 1000 : undefined
  return (
    problemOf(isObject(body) ? body.error : undefined, status, wait) ??
    problem(status === 401 ? 'unauthenticated' : status === 413 ? 'too_large' : 'unavailable', `HTTP ${status}`, {
      status, ...(wait === undefined ? {} : { retryAfterMs: wait }),
    })
  )
}
