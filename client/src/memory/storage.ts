import type { Storage, StorageWrite } from '../adapters.js'

/** A storage that lasts as long as the program. Tabs of a test share one. */
export class MemoryStorage implements Storage {
  readonly #rows = new Map<string, unknown>()
  readonly #fences = new Map<string, number>()

  async read(scope: string, table: StorageWrite['table']): Promise<readonly (readonly [string, unknown])[]> {
    const prefix = `${scope}\n${table}\n`
    const found = [...this.#rows].filter(([key]) => key.startsWith(prefix))
    return found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key.slice(prefix.length), structuredClone(value)] as const)
  }

  async write(scope: string, writes: readonly StorageWrite[], fence?: number): Promise<boolean> {
    if (fence !== undefined && fence !== this.#fences.get(scope)) return false
    for (const { table, key, value } of writes) {
      const row = `${scope}\n${table}\n${key}`
      if (value === undefined) this.#rows.delete(row)
      else this.#rows.set(row, structuredClone(value))
    }
    return true
  }

  async fence(scope: string): Promise<number> {
    const next = (this.#fences.get(scope) ?? 0) + 1
    this.#fences.set(scope, next)
    return next
  }
}
