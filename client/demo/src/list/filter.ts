import type { Folder, Note, NoteFields } from '../../../src/index'

/** Which notes are listed. */
export type Filter =
  | { readonly kind: 'all' | 'starred' | 'shared' | 'archived' | 'trash' }
  | { readonly kind: 'folder'; readonly id: string }
  | { readonly kind: 'tag'; readonly tag: string }

/** The notes that a filter lists. What is archived or hidden is only where it was put. */
export function notesIn(filter: Filter, notes: readonly Note[], trash: readonly Note[]): readonly Note[] {
  switch (filter.kind) {
    case 'trash':
      return trash
    case 'archived':
      return notes.filter(note => note.archived)
    case 'all':
      return notes.filter(isListed)
    case 'starred':
      return notes.filter(note => note.starred && isListed(note))
    case 'shared':
      return notes.filter(note => (note.collaborators.length > 0 || note.access === 'public') && isListed(note))
    case 'folder':
      return notes.filter(note => note.folderId === filter.id && isListed(note))
    case 'tag':
      return notes.filter(note => note.tags.includes(filter.tag) && isListed(note))
  }
}

/** Neither archived nor hidden. */
export function isListed(note: Note): boolean {
  return !note.archived && !note.hidden
}

/** What a note has to be given to be in the list; null if no new note can be in it. */
export function fieldsFor(filter: Filter): NoteFields | null {
  switch (filter.kind) {
    case 'all':
      return {}
    case 'starred':
      return { starred: true }
    case 'folder':
      return { folderId: filter.id }
    case 'tag':
      return { tags: [filter.tag] }
    case 'shared':
    case 'archived':
    case 'trash':
      return null
  }
}

/** What a list is called. */
export function nameOf(filter: Filter, folders: readonly Folder[]): string {
  switch (filter.kind) {
    case 'all':
      return 'All notes'
    case 'starred':
      return 'Starred'
    case 'shared':
      return 'Shared'
    case 'archived':
      return 'Archive'
    case 'trash':
      return 'Trash'
    case 'folder':
      return folders.find(folder => folder.id === filter.id)?.name ?? 'Folder'
    case 'tag':
      return `#${filter.tag}`
  }
}

/** Whether two filters list the same. */
export function same(a: Filter, b: Filter): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
