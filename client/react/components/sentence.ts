import { NotewireError } from '../../src/index.js'

/** What people are told when something did not work. */
export function sentenceOf(e: unknown, otherwise = 'This cannot be done now.'): string {
  return e instanceof NotewireError ? e.problem.sentence : otherwise
}
