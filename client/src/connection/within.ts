import type { Clock } from '../adapters.js'
import { NotewireError, problem } from '../protocol/errors.js'

/** Waits for a promise, but not for ever; then aborts and rejects as `network`. */
export async function within<T>(clock: Clock, ms: number, start: (signal: AbortSignal) => Promise<T>, outer?: AbortSignal): Promise<T> {
  const control = new AbortController()
  let cancel = () => {}
  const abort = () => control.abort()
  outer?.addEventListener('abort', abort)
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(ms, () => {
      reject(new NotewireError(problem('network', `nothing came within ${ms} ms`)))
      control.abort()
    })
    control.signal.addEventListener('abort', () => reject(new NotewireError(problem('network', 'aborted'))))
  })
  try {
    return await Promise.race([start(control.signal), late])
  } finally {
    cancel()
    outer?.removeEventListener('abort', abort)
  }
}
