import type { Storage, StorageWrite } from '../adapters.js'

const rows = 'rows'

/** Keeps rows in IndexedDB, by scope, table and key. Every write is one transaction, and answered when that is done. */
export class IndexedDbStorage implements Storage {
  readonly #name: string
  readonly #fenced: boolean
  #opening: Promise<IDBDatabase> | undefined

  /**
   * @param name - of the database; "notewire" by default
   * @param fenced - false where tabs cannot agree on a leader: then each may write. True by default
   */
  constructor(name = 'notewire', fenced = true) {
    this.#name = name
    this.#fenced = fenced
  }

  async read(scope: string, table: StorageWrite['table']): Promise<readonly (readonly [string, unknown])[]> {
    const db = await this.#open()
    const range = IDBKeyRange.bound([scope, table], [scope, table, []]) // an array is after every string
    const store = db.transaction(rows).objectStore(rows)
    const [keys, values] = await Promise.all([done(store.getAllKeys(range)), done(store.getAll(range))])
    return keys.map((key, i) => [String((key as string[])[2]), values[i]] as const)
  }

  async write(scope: string, writes: readonly StorageWrite[], fence?: number): Promise<boolean> {
    const db = await this.#open()
    const transaction = db.transaction(rows, 'readwrite', { durability: 'strict' })
    const store = transaction.objectStore(rows)
    const ended = committed(transaction)
    if (fence !== undefined && this.#fenced && (await done(store.get([scope, 'fence', '']))) !== fence) return false
    for (const { table, key, value } of writes) {
      if (value === undefined) store.delete([scope, table, key])
      else store.put(value, [scope, table, key])
    }
    await ended
    return true
  }

  async fence(scope: string): Promise<number> {
    const db = await this.#open()
    const transaction = db.transaction(rows, 'readwrite')
    const store = transaction.objectStore(rows)
    const ended = committed(transaction)
    const next = (Number(await done(store.get([scope, 'fence', '']))) || 0) + 1
    store.put(next, [scope, 'fence', ''])
    await ended
    return next
  }

  async persist(): Promise<boolean> {
    return (await navigator.storage?.persist?.()) ?? false
  }

  #open(): Promise<IDBDatabase> {
    this.#opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(this.#name, 1)
      request.onupgradeneeded = () => request.result.createObjectStore(rows)
      request.onerror = () => reject(request.error)
      request.onsuccess = () => {
        const db = request.result
        db.onversionchange = () => db.close()
        db.onclose = () => (this.#opening = undefined)
        resolve(db)
      }
    }).catch(error => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function committed(transaction: IDBTransaction): Promise<void> {
  const ended = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = transaction.onerror = () => reject(transaction.error)
  })
  ended.catch(() => {})
  return ended
}
