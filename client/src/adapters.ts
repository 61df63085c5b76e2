/** A row to be written. */
export interface StorageWrite {
  /** Where it belongs. */
  readonly table: 'meta' | 'note' | 'folder' | 'outbox'
  /** Its name there. */
  readonly key: string
  /** What is kept; undefined removes the row. */
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
  /** Sends what can be structured-cloned to all others. */
  post(message: unknown): void
  /** Sets the one listener. */
  onMessage(listener: (message: unknown) => void): void
  /** Ends it: nothing is sent or heard any more. */
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

/** As much of a `WebSocket` as is used. */
export interface SocketLike {
  /** It opened. */
  onopen: ((event: never) => void) | null
  /** A message came: its text. */
  onmessage: ((event: { data: unknown }) => void) | null
  /** It closed, or could not be opened. */
  onclose: ((event: { code: number; reason: string }) => void) | null
  /** Something went wrong; `onclose` follows. */
  onerror: ((event: never) => void) | null
  /** Sends a text. */
  send(text: string): void
  /** Closes it. */
  close(code?: number, reason?: string): void
}

/** As much of an `EventSource` as is used. */
export interface EventSourceLike {
  /** An event came, with the place after it. */
  onmessage: ((event: { data: unknown; lastEventId: string }) => void) | null
  /** It was cut off, or could not be opened. */
  onerror: ((event: never) => void) | null
  /** Closes it. */
  close(): void
}

/** The network, and what is known of it. */
export interface Network {
  /** As `fetch`. */
  fetch(url: string, init?: RequestInit): Promise<Response>
  /** Absent where there are no WebSockets: event streams serve then. */
  WebSocket?: new (url: string, protocols?: string[]) => SocketLike
  /** Absent where there is none: `eventsource` is not tried then. */
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
  /** Whether it is now. */
  visible(): boolean
  /** Tells of a change. Returns what ends it. */
  onChange(listener: () => void): () => void
}

/** What the client needs of where it runs. Each may be replaced by an option of `createClient`. */
export interface Adapters {
  /** Where notes and unsent edits are kept. */
  readonly storage: Storage
  /** Which tab leads. */
  readonly locks: Locks
  /** How tabs talk: opens a channel of that name. */
  readonly channel: (name: string) => Channel
  /** Time and chance. */
  readonly clock: Clock
  /** How to reach the server. */
  readonly network: Network
  /** Whether the page is looked at. */
  readonly visibility: Visibility
}
