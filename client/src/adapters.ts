/** One thing of a kept table: undefined removes it. */
export interface StorageWrite {
  readonly table: 'meta' | 'note' | 'folder' | 'outbox'
  readonly key: string
  readonly value: unknown
}

/**
 * Where a device keeps notes and unsent edits. A scope is an account; scopes know nothing of each other. Values are
 * structured-cloneable, and for storages of text also JSON.
 */
export interface Storage {
  /** All rows of a table, in the order of their keys. */
  read(scope: string, table: StorageWrite['table']): Promise<readonly (readonly [key: string, value: unknown])[]>
  /**
   * Writes all or nothing, and answers when it is durable. With a fence that is not the newest it writes nothing and answers
   * false: whoever had that number leads no more.
   */
  write(scope: string, writes: readonly StorageWrite[], fence?: number): Promise<boolean>
  /** The next fencing number of the scope: each is greater than all before, on this device. */
  fence(scope: string): Promise<number>
  /** Asks that the browser not evict what is kept. Answers whether it will not. */
  persist?(): Promise<boolean>
}

/** Mutual exclusion between the tabs of an origin, as `navigator.locks`. */
export interface Locks {
  /**
   * Waits for the lock, holds it until what `held` returns has settled, and answers that. Rejects if the signal aborts the
   * wait.
   */
  request<T>(name: string, options: { signal?: AbortSignal; steal?: boolean }, held: () => Promise<T>): Promise<T>
}

/** Messages between the tabs of an origin, as `BroadcastChannel`: everybody else gets what one posts. */
export interface Channel {
  post(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  close(): void
}

/** Time and chance. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls once, after so many milliseconds. Returns what takes it back. */
  after(ms: number, call: () => void): () => void
  /** From 0 up to, but not, 1. */
  random(): number
}

/** As much of a WebSocket as is used. */
export interface SocketLike {
  onopen: ((event: never) => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number; reason: string }) => void) | null
  onerror: ((event: never) => void) | null
  send(text: string): void
  close(code?: number, reason?: string): void
}

/** As much of an EventSource as is used. */
export interface EventSourceLike {
  onmessage: ((event: { data: unknown; lastEventId: string }) => void) | null
  onerror: ((event: never) => void) | null
  close(): void
}

/** The network, and what is known of it. */
export interface Network {
  fetch(url: string, init?: RequestInit): Promise<Response>
  /** Absent where there are no WebSockets: event streams serve then. */
  WebSocket?: new (url: string, protocols?: string[]) => SocketLike
  EventSource?: new (url: string) => EventSourceLike
  /** Whether the device believes to be online. False is believed; true only says that it is worth trying. */
  online(): boolean
  /** Tells of online, offline, and of another network. Returns what ends that. */
  onChange(listener: () => void): () => void
  /** What kind of network it is ("4g", "wifi"): what works on one kind is remembered for it. Empty if unknown. */
  kind(): string
}

/** Whether the page is looked at. */
export interface Visibility {
  visible(): boolean
  /** Returns what ends it. */
  onChange(listener: () => void): () => void
}

/** What the client needs of where it runs. */
export interface Adapters {
  readonly storage: Storage
  readonly locks: Locks
  /** Opens a channel of that name. */
  readonly channel: (name: string) => Channel
  readonly clock: Clock
  readonly network: Network
  readonly visibility: Visibility
}
