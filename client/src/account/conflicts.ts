import type { Frame } from '../protocol/frames.js'
import type { MergeConflict, Millis } from '../protocol/note.js'

/** A conflict that the server reported, as it is kept. */
export interface Reported extends MergeConflict {
  readonly noteId: string
  readonly version: number
  readonly fromUserId?: string
  readonly at: Millis
}

/** What identifies a conflict, and where it is kept. */
export function conflictKey(conflict: Pick<Reported, 'noteId' | 'version'>): string {
  return `conflict ${conflict.noteId} ${conflict.version}`
}

/** The conflict that an event reports, if it does. */
export function conflictIn(frame: Frame): Reported | undefined {
  if (!('conflict' in frame) || !frame.conflict || !('noteId' in frame) || frame.noteId === undefined || frame.version === undefined) return undefined
  const from = 'fromUserId' in frame ? { fromUserId: frame.fromUserId } : {}
  return { ...frame.conflict, ...from, noteId: frame.noteId, version: frame.version, at: frame.timestamp }
}
