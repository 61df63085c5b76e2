import type { Locks, Storage } from '../adapters.js'
import type { Item } from '../outbox/item.js'
import type { Outbox } from '../outbox/outbox.js'
import { loadItems } from './load.js'

/** What an heir needs. */
export interface HeirEnv {
  readonly storage: Storage
  readonly locks: Locks
  readonly scope: string
  readonly tab: string
  readonly outbox: Outbox
  /** The lock that a tab holds as long as it lives. */
  readonly tabLock: (tab: string) => string
  /** Edits were taken over. */
  readonly onTaken: () => void
}

/** Takes over the edits of other tabs: what they hand over, and what they had not handed over when they ended. */
export class Heir {
  readonly #env: HeirEnv
  readonly #watched = new Set<string>()
  readonly #control = new AbortController()

  constructor(env: HeirEnv) {
    this.#env = env
  }

  /** Items of another tab, to be sent. What this tab has already, but as a draft, may be on its way. */
  take(items: readonly Item[]): void {
    const known = new Map(this.#env.outbox.queue.map(item => [item.id, item.status]))
    const fresh = items.filter(item => (known.get(item.id) ?? 'draft') === 'draft')
    this.#env.outbox.merge(fresh.map(item => ({ ...item, status: item.status === 'refused' ? item.status : 'queued' })))
  }

  /** Waits for the end of a tab, and takes over what it had not handed over. */
  watch(tab: string): void {
    const { locks, storage, scope, tabLock, onTaken } = this.#env
    const { signal } = this.#control
    if (tab === this.#env.tab || this.#watched.has(tab)) return
    this.#watched.add(tab)
    const gone = async () => {
      const items = await loadItems(storage, scope)
      if (signal.aborted) return
      this.take(items.filter(item => item.tab === tab))
      onTaken()
    }
    locks.request(tabLock(tab), { signal }, gone).catch(() => {}).then(() => this.#watched.delete(tab))
  }

  /** Waits for nobody any more. */
  stop(): void {
    this.#control.abort()
  }
}
