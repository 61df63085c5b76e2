import { NotewireError, problem } from './protocol/errors.js'
import { lazy } from './lazy.js'

/** Code that a page does not begin with. A page reads and edits what the device keeps before any of it is there. */
export const parts = {
  /** Being connected, and requests. */
  network: part(() => import('./account/member.js')),
  /** The transports besides WebSocket, and how to find out which of them works. */
  fallbacks: part(() => import('./transport/fallbacks.js')),
}

/**
 * Loads all code that is otherwise loaded when it is needed: for a page that has to come through anything from its first second
 * on. Rejects with a NotewireError (`network`) where that is not possible now; it is tried again when it is needed.
 */
export async function preload(): Promise<void> {
  await Promise.all(Object.values(parts).map(load => load()))
}

/** Where code cannot be loaded the network is why. */
function part<T>(load: () => Promise<T>): () => Promise<T> {
  return lazy(() => load().catch(error => {
    throw new NotewireError(problem('network', String(error)))
  }))
}
