import type { Clock, StorageWrite } from '../adapters.js'
import type { ServerNote } from '../protocol/note.js'
import { emptyState, type ServerState } from '../store/state.js'
import type { WriteAll } from '../outbox/durable.js'

/** How long changes are gathered before they are written, in milliseconds. */
const gather = 100

/**
 * Keeps the server's state on the device: each cursor in one transaction with the effects of all events up to it. If it is
 * larger than a bound, the newest notes alone are kept; then a start lists the account again.
 */
export class Persister {
  readonly #clock: Clock
  readonly #write: WriteAll
  readonly #bound: number
  #kept: ServerState = emptyState
  #wanted: ServerState = emptyState
  #pruned = new Set<string>()
  readonly #sizes = new WeakMap<ServerNote, number>()
  #running: Promise<void> | undefined

  /** @param kept what is stored already */
  constructor(clock: Clock, write: WriteAll, bound: number, kept: ServerState) {
    this.#clock = clock
    this.#write = write
    this.#bound = bound
    this.#kept = this.#wanted = kept
  }

  /** Keeps this state, soon. */
  save(state: ServerState): void {
    this.#wanted = state
    this.#running ??= new Promise<void>(resolve => this.#clock.after(gather, resolve)).then(() => this.flush())
  }

  /** Keeps what is to be kept now. */
  async flush(): Promise<void> {
    const state = this.#wanted
    const writes = this.#changes(state)
    this.#running = undefined
    if (!writes.length) return
    const had = this.#kept
    this.#kept = state
    const done = await this.#write(writes).catch(() => false)
    if (!done && this.#kept === state) this.#kept = had
  }

  #changes(state: ServerState): readonly StorageWrite[] {
    if (state === this.#kept) return []
    const pruned = this.#prune(state)
    const writes: StorageWrite[] = []
    diff('note', this.#kept.notes, this.#pruned, state.notes, pruned, writes)
    diff('folder', this.#kept.folders, new Set(), state.folders, new Set(), writes)
    const { cursor, complete, truncated } = state
    if (cursor !== null) writes.push({ table: 'meta', key: 'state', value: { cursor, complete: complete && pruned.size === 0, truncated: [...truncated] } })
    this.#pruned = pruned
    return writes
  }

  /** The notes that do not fit: the oldest. */
  #prune(state: ServerState): Set<string> {
    const pruned = new Set<string>()
    let total = 0
    for (const note of state.notes.values()) total += this.#size(note)
    if (total <= this.#bound) return pruned
    for (const note of [...state.notes.values()].sort((a, b) => a.updatedAt - b.updatedAt)) {
      if (total <= this.#bound) break
      total -= this.#size(note)
      pruned.add(note.id)
    }
    return pruned
  }

  #size(note: ServerNote): number {
    let size = this.#sizes.get(note)
    if (size === undefined) {
      size = 500 + 2 * (note.content.length + (note.encryptedContent?.length ?? 0)) + (note.blob === null ? 0 : JSON.stringify(note.blob).length)
      this.#sizes.set(note, size)
    }
    return size
  }
}

function diff<T>(
  table: StorageWrite['table'], had: ReadonlyMap<string, T>, without: ReadonlySet<string>, now: ReadonlyMap<string, T>, not: ReadonlySet<string>,
  writes: StorageWrite[],
): void {
  for (const [key, value] of now) {
    if (!not.has(key) && (had.get(key) !== value || without.has(key))) writes.push({ table, key, value })
  }
  for (const key of had.keys()) {
    if ((!now.has(key) || not.has(key)) && !without.has(key)) writes.push({ table, key, value: undefined })
  }
}
