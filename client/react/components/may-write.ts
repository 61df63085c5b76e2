import type { Note } from '../../src/index.js'

/** Whether somebody may write in a note. While it is not known who it is: whether every member may. */
export function mayWrite(note: Note, userId: string | undefined, now: number): boolean {
  if (note.expiresAt !== null && note.expiresAt <= now) return false
  if (userId === undefined) return Object.values(note.roles).every((role) => role === 'write')
  return note.userId === userId || note.roles[userId] === 'write'
}
