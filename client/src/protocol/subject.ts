import type { Mutation } from './mutation.js'

/** What a mutation is about: mutations of one subject keep their order. */
export function subjectOf(m: Mutation): string {
  return 'noteId' in m ? m.noteId : m.folderId
}
