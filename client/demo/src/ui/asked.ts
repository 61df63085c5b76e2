import { NotewireError, type Pending } from '../../../src/index'
import { toast } from './toast'

/** Says so where what was asked for is refused. The client keeps what was written; this it does not. */
export function asked({ done }: Pending<unknown>): void {
  done.catch((error: unknown) => {
    if (error instanceof NotewireError) toast(error.problem.sentence)
  })
}
