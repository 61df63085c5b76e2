import { problem, type Problem } from './errors.js'
import type { Frame } from './frames.js'
import { problemOf } from './problem.js'

/**
 * What the end of a connection asks for:
 *
 * - `again`: come back, after a while
 * - `fresh-token`: come back with another token
 * - `sign-in`: somebody has to sign in
 * - `never`: do not come back
 */
export type Verdict = 'again' | 'fresh-token' | 'sign-in' | 'never'

/** How a connection ended. */
export interface End {
  /** A close code, or what stands for it (PROTOCOL.md, 7.1). */
  readonly code: number
  readonly verdict: Verdict
  readonly problem: Problem
  readonly retryAfterMs?: number
}

/** What a close code asks for (PROTOCOL.md, section 7). */
export function verdictOf(code: number): Verdict {
  switch (code) {
    case 4003:
      return 'fresh-token'
    case 4500:
    case 4502:
    case 4503:
      return 'sign-in'
    case 1000:
    case 1009:
      return 'never'
  }
  return code >= 4500 && code < 5000 ? 'never' : 'again'
}

const codesOfAuthFailed: Readonly<Record<string, number>> = { 'token-expired': 4003, 'signed-out': 4503 }

/** The code that the last frame stands for, where there is no close code. */
export function codeOfLast(last: Frame | undefined): number {
  switch (last?.type) {
    case 'reconnect':
      return last.code
    case 'auth_failed':
      return codesOfAuthFailed[last.reason] ?? 4500
    case 'error':
      return last.code === 'unauthenticated' ? 4004 : last.code === 'rate_limited' ? 4005 : 4501
  }
  return 1006
}

/** Puts together what a close code and the frame before it say. */
export function endOf(code: number, last: Frame | undefined, reason = ''): End {
  const verdict = verdictOf(code)
  const said = last?.type === 'error' ? problemOf(last) : undefined
  const words = last?.type === 'reconnect' || last?.type === 'auth_failed' ? last.reason : reason
  const wait = last?.type === 'reconnect' || last?.type === 'error' ? last.retryAfterMs : undefined
  return {
    code,
    verdict,
    problem: said ?? problem(
      code === 4502 ? 'other_account' : verdict === 'sign-in' || verdict === 'fresh-token' ? 'unauthenticated' : verdict === 'never' ? 'forbidden' : 'network',
      words || `closed with ${code}`,
    ),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  }
}

/** What an HTTP answer to opening a connection asks for. */
export function endOfRefusal(refusal: Problem): End {
  const status = refusal.status ?? 0
  const comesBack = status === 0 || status >= 500 || status === 408 || status === 425 || status === 429 || refusal.action === 'retry'
  return {
    code: 1006,
    verdict: status === 401 ? 'fresh-token' : refusal.action === 'sign-in' ? 'sign-in' : comesBack ? 'again' : 'never',
    problem: refusal,
    ...(refusal.retryAfterMs === undefined ? {} : { retryAfterMs: refusal.retryAfterMs }),
  }
}
