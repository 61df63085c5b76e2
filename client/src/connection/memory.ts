import type { Clock, Storage } from '../adapters.js'
import type { TransportName } from '../api.js'
import { has } from '../protocol/parse.js'

/** What works on a network. */
export interface Remembered {
  readonly transport: TransportName
  readonly padding: number
}

/** How long a network is remembered: half an hour. People change places without the browser knowing. */
const timeToLive = 30 * 60_000

/** What works on which network, kept on the device. */
export class NetworkMemory {
  readonly #storage: Storage
  readonly #clock: Clock

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage
    this.#clock = clock
  }

  /** What worked there not long ago. */
  async recall(network: string): Promise<Remembered | undefined> {
    const rows = await this.#storage.read('', 'meta').catch(() => [])
    const value = rows.find(([key]) => key === `network ${network}`)?.[1]
    return has(value, 'transport:s padding:n until:n') && (value.until as number) > this.#clock.now() ? (value as unknown as Remembered) : undefined
  }

  /** Undefined forgets it. */
  async remember(network: string, what: Remembered | undefined): Promise<void> {
    const value = what && { ...what, until: this.#clock.now() + timeToLive }
    await this.#storage.write('', [{ table: 'meta', key: `network ${network}`, value }]).catch(() => {})
  }
}
