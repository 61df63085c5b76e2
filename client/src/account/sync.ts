import type { ClientEvent } from '../api.js'
import { backoff } from '../connection/backoff.js'
import { request, type Http } from '../connection/http.js'
import type { AuthSuccess } from '../connection/link.js'
import { NotewireError } from '../protocol/errors.js'
import type { Frame } from '../protocol/frames.js'
import { noteOf } from '../protocol/parse.js'
import type { StoreAction } from '../store/apply.js'
import type { ServerState } from '../store/state.js'
import { listAll } from './list.js'

/** What following an account takes. */
export interface SyncEnv {
  readonly http: Http
  readonly state: () => ServerState
  readonly apply: (action: StoreAction) => void
  readonly onEvent: (event: ClientEvent) => void
}

/** Brings what comes from the server into the store: in order, and after a resync with a new list before it. */
export class Sync {
  readonly #env: SyncEnv
  #listing: AbortController | undefined
  #held: Frame[] = []
  #cancelRetry = () => {}
  /** The notes that are being read; another set after each connection. */
  #fetching = new Set<string>()

  constructor(env: SyncEnv) {
    this.#env = env
  }

  /** A connection goes on after a cursor; null: it began now, and what was before has to be listed. */
  ready(frame: AuthSuccess, cursor: string | null): void {
    this.#env.apply({ type: 'frame', frame })
    if (cursor === null) this.#list(frame.cursor)
    else this.#fetchTruncated()
  }

  frame(frame: Frame): void {
    if (frame.type === 'resync') {
      this.#env.onEvent({ type: 'resync', reason: frame.reason })
      this.#env.apply({ type: 'frame', frame })
      this.#list(frame.cursor)
    } else if (this.#listing) {
      this.#held.push(frame)
    } else {
      this.#env.apply({ type: 'frame', frame })
      this.#fetchTruncated()
    }
  }

  /** The connection ended. A list that was not finished is read again on the next. */
  stop(): void {
    this.#listing?.abort()
    this.#listing = undefined
    this.#cancelRetry()
    this.#fetching = new Set()
    this.#held = []
  }

  /** Lists the account; events that come meanwhile wait. */
  #list(cursor: string): void {
    this.stop()
    const listing = (this.#listing = new AbortController())
    const { clock } = this.#env.http
    const attempt = (failed: number) => {
      listAll(this.#env.http, listing.signal).then(
        listed => {
          if (listing.signal.aborted) return
          this.#listing = undefined
          const held = this.#held
          this.#held = []
          this.#env.apply({ type: 'listed', cursor, ...listed })
          for (const frame of held) this.frame(frame)
        },
        () => {
          if (!listing.signal.aborted) this.#cancelRetry = clock.after(backoff(failed, clock.random), () => attempt(failed + 1))
        },
      )
    }
    attempt(0)
  }

  #fetchTruncated(): void {
    for (const id of this.#env.state().truncated.keys()) {
      if (!this.#fetching.has(id)) void this.#fetch(id, this.#fetching)
    }
  }

  /** Reads a note whose text did not fit into its event, until it is as new as that: as long as this connection lives. */
  async #fetch(id: string, fetching: Set<string>): Promise<void> {
    const { http, state, apply } = this.#env
    const wanted = () => fetching === this.#fetching && state().truncated.has(id)
    fetching.add(id)
    for (let failed = 0; wanted(); failed++) {
      if (failed > 0) await new Promise<void>(resolve => void http.clock.after(backoff(failed - 1, http.clock.random), resolve))
      const cursor = state().truncated.get(id)?.cursor
      if (!wanted() || cursor === undefined) break
      try {
        const note = noteOf(await request(http, 'GET', `/api/notes/${id}`))
        if (note && wanted()) apply({ type: 'fetched', id, cursor, note })
      } catch (error) {
        const gone = error instanceof NotewireError && (error.problem.code === 'not_found' || error.problem.code === 'forbidden')
        if (gone && wanted()) apply({ type: 'fetched', id, cursor, note: undefined })
      }
    }
    fetching.delete(id)
  }
}
