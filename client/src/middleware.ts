import type { Middleware, Pending } from './api.js'
import { deferred } from './outbox/deferred.js'
import { NotewireError, problem } from './protocol/errors.js'
import type { Mutation } from './protocol/mutation.js'
import { subjectOf } from './protocol/subject.js'

/** What a chain makes of a mutation; undefined: one of them did not pass it on. */
export function through(chain: readonly Middleware[], mutation: Mutation): Mutation | undefined {
  let wanted: Mutation | undefined
  const run = (i: number) => (each: Mutation) => {
    const step = chain[i]
    if (step) step(each, run(i + 1))
    else wanted = each
  }
  run(0)(mutation)
  return wanted
}

/** A mutation that was not passed on. */
export function dropped(mutation: Mutation): Pending<never> {
  const never = deferred<never>()
  never.reject(new NotewireError(problem('discarded', 'a middleware did not pass it on')))
  return { mutationId: '', noteId: subjectOf(mutation), stored: never.promise, done: never.promise }
}
