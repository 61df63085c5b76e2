import type { Clock } from '../adapters.js'

/** The longest wait, in milliseconds. */
const longest = 30_000

/**
 * How long to wait before the next attempt (PROTOCOL.md, 7.2): as long as the server said and a little more by chance, because
 * others were told the same; else at random, from 0 up to 1 s, 2 s, 4 s, … 30 s.
 *
 * @param attempt how many failed before
 */
export function backoff(attempt: number, random: Clock['random'], saidMs?: number): number {
  if (saidMs !== undefined) return saidMs + random() * Math.min(1000, saidMs / 4 + 100)
  return random() * Math.min(longest, 1000 * 2 ** Math.min(attempt, 10))
}
