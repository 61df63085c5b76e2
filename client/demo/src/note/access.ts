import type { Note } from '../../../src/index'

/** Why a note cannot be written in; null if it can. */
export interface ReadOnly {
  readonly why: string
  readonly offer: 'restore' | 'copy' | null
}

/** What somebody may do with a note's text. */
export function readOnly(note: Note, user: string, now: number): ReadOnly | null {
  if (note.deleted) return { why: 'This note is in the trash. Take it out to write in it.', offer: 'restore' }
  if (note.encryptedContent !== null) return { why: 'This note is encrypted, and only the app that wrote it has the key.', offer: null }
  if (note.expiresAt !== null && note.expiresAt <= now) return { why: `This note expired on ${new Date(note.expiresAt).toLocaleString()}. A copy can be edited.`, offer: 'copy' }
  if (note.userId === user || note.roles[user] === 'write') return null
  if (note.roles[user] === 'read') return { why: `You may read this note. Ask ${note.userId} to let you write, or make a copy.`, offer: 'copy' }
  if (note.collaborators.includes(user)) return null
  return { why: 'This note is public, and you are not a member. A copy can be edited.', offer: 'copy' }
}
