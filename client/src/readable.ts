/** A value of type `T` that changes. `get` answers the same (`===`) between two changes. */
export interface Readable<T> {
  /** What it is now. */
  get(): T
  /** Calls the listener after each change, until the returned function is called. */
  subscribe(listener: () => void): () => void
}

/** A readable that its owner sets. */
export class Cell<T> implements Readable<T> {
  #value: T
  readonly #listeners = new Set<() => void>()

  constructor(value: T) {
    this.#value = value
  }

  readonly get = (): T => this.#value

  readonly subscribe = (listener: () => void): (() => void) => {
    const own = () => listener() // so that the same function may be given twice
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const listener of [...this.#listeners]) listener()
  }
}

/** A readable that is made of others: it looks when it is asked, and tells when what it makes is another. */
export class Derived<T> implements Readable<T> {
  readonly #make: () => T
  readonly #listeners = new Set<() => void>()
  #told: T | undefined

  constructor(make: () => T) {
    this.#make = make
  }

  readonly get = (): T => this.#make()

  readonly subscribe = (listener: () => void): (() => void) => {
    const own = () => listener()
    if (!this.#listeners.size) this.#told = this.#make()
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  /** Something that it is made of changed. */
  look(): void {
    if (!this.#listeners.size) return
    const now = this.#make()
    if (Object.is(now, this.#told)) return
    this.#told = now
    for (const listener of [...this.#listeners]) listener()
  }
}

/** Makes something of a value, and the same again of the same one. */
export function memo<K, V>(make: (of: K) => V): (of: K) => V {
  let last: { of: K; made: V } | undefined
  return of => (last?.of === of ? last : (last = { of, made: make(of) })).made
}
