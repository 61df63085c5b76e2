import type { Adapters } from '../adapters.js'
import { MemoryChannels } from './channel.js'
import { MemoryLocks } from './locks.js'
import { MemoryStorage } from './storage.js'
import { systemClock, systemNetwork } from './system.js'

export { MemoryChannels, MemoryLocks, MemoryStorage }

/** What a client needs outside of a page: it keeps nothing longer than the program runs. The default there. */
export function memory(): Adapters {
  return {
    storage: new MemoryStorage(),
    locks: new MemoryLocks(),
    channel: new MemoryChannels().open,
    clock: systemClock,
    network: systemNetwork(),
    visibility: { visible: () => true, onChange: () => () => {} },
  }
}
