import type { Note } from './notes.js'
import type { Pending } from './outbox.js'

/** A replacement. Positions count UTF-16 units, in the text as it was before all changes of the list. */
export interface TextChange {
  /** Where it begins. */
  readonly from: number
  /** Where it ends; the same as `from` inserts only. */
  readonly to: number
  /** What is there instead. */
  readonly insert: string
}

/** A text editor's side of one note's content. Close it with the editor. */
export interface TextSession {
  /** What the editor should show. */
  readonly value: string
  /** Tells of changes that others made, to be put into the editor, and of the text after them. Returns what ends it. */
  onRemote(listener: (changes: readonly TextChange[], value: string) => void): () => void
  /** The editor changed: in order of position, not overlapping, on `value`. Gathered as `editNote` does. */
  localChange(changes: readonly TextChange[]): Pending<Note>
  /** Sends what was typed at once. Resolves when the server has it; rejects with a `NotewireError` if it refuses. */
  flush(): Promise<void>
  /** Sends what was typed, and listens no more. */
  close(): void
}
