import type { Storage } from '../adapters.js'
import type { ClientEvent } from '../api.js'
import type { Frame } from '../protocol/frames.js'
import type { MergeConflict, Millis } from '../protocol/note.js'

/** A conflict that the server reported, as it is kept. */
export interface Reported extends MergeConflict {
  readonly noteId: string
  readonly version: number
  readonly fromUserId?: string
  readonly at: Millis
}

/** What conflicts need of their account. */
export interface ConflictsEnv {
  readonly scope: string
  readonly storage: Storage
  readonly onChange: () => void
  readonly onEvent: (event: ClientEvent) => void
}

/** What identifies a conflict, and where it is kept. */
export function conflictKey(conflict: Pick<Reported, 'noteId' | 'version'>): string {
  return `conflict ${conflict.noteId} ${conflict.version}`
}

/** The conflicts of an account that nobody has dismissed. */
export class Conflicts {
  readonly #env: ConflictsEnv
  #all: ReadonlyMap<string, Reported> = new Map()

  constructor(env: ConflictsEnv) {
    this.#env = env
  }

  /** By their keys; another map after each change. */
  get all(): ReadonlyMap<string, Reported> {
    return this.#all
  }

  /** Takes in what the device has kept: rows of its table `meta`. */
  restore(rows: readonly (readonly [key: string, value: unknown])[]): void {
    this.#all = new Map([...this.#all, ...rows.filter(([key]) => key.startsWith('conflict ')) as [string, Reported][]])
  }

  /**
   * The conflict that an event reports, if it does.
   *
   * @param keeps whether this tab is the one that writes it down
   */
  saw(frame: Frame, keeps: boolean): void {
    const conflict = conflictIn(frame)
    const key = conflict && conflictKey(conflict)
    if (!conflict || !key || this.#all.has(key)) return
    this.#all = new Map(this.#all).set(key, conflict)
    this.#env.onChange()
    const { noteId, version, fields } = conflict
    this.#env.onEvent({ type: 'conflict', noteId, version, fields })
    if (keeps) this.#write(key, conflict)
  }

  /** It was dismissed in another tab. */
  forget(key: string): void {
    const all = new Map(this.#all)
    all.delete(key)
    this.#all = all
    this.#env.onChange()
  }

  /** It was dismissed here. */
  dismiss(key: string): void {
    this.forget(key)
    this.#write(key, undefined)
  }

  #write(key: string, value: Reported | undefined): void {
    void this.#env.storage.write(this.#env.scope, [{ table: 'meta', key, value }]).catch(() => {})
  }
}

function conflictIn(frame: Frame): Reported | undefined {
  if (!('conflict' in frame) || !frame.conflict || !('noteId' in frame) || frame.noteId === undefined || frame.version === undefined) return undefined
  const from = 'fromUserId' in frame ? { fromUserId: frame.fromUserId } : {}
  return { ...frame.conflict, ...from, noteId: frame.noteId, version: frame.version, at: frame.timestamp }
}
