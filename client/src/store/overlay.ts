import type { Mutation } from '../protocol/mutation.js'
import type { NoteChanges, NoteFields, ServerFolder, ServerNote, Share } from '../protocol/note.js'
import { blankNote } from '../protocol/parse.js'

/** A note with an edit that is not confirmed; undefined: it is not in sight then. */
export function overlayNote(note: ServerNote | undefined, m: Mutation, at: number, author: string): ServerNote | undefined {
  if (m.op === 'create') {
    const { id: _, expiresInHours, ...rest } = m.note
    const blank = blankNote({ id: m.noteId, userId: author, version: 0, createdAt: at, updatedAt: at })
    const expiresAt = expiresInHours === undefined ? null : at + expiresInHours * 3_600_000
    return note ?? changed({ ...blank, expiresAt }, rest, at)
  }
  if (!note) return undefined
  switch (m.op) {
    case 'edit':
      return changed(note, m.changes, at)
    case 'organise':
      return changed(note, m.fields, at)
    case 'share':
      return shared(note, m.share)
    case 'trash':
    case 'restore':
      return { ...note, deleted: m.op === 'trash' }
    case 'purge':
    case 'leave':
      return undefined
  }
  return note // what a revert brings back only the server knows
}

function changed(note: ServerNote, changes: NoteChanges, at: number): ServerNote {
  const { addTags, removeTags, ...rest } = changes as NoteChanges & NoteFields
  const tags = [...new Set([...(rest.tags ?? note.tags), ...(addTags ?? [])])].filter(tag => !removeTags?.includes(tag))
  const hidden = rest.hidden ?? note.hidden
  return { ...note, ...defined(rest), tags, hiddenAt: hidden ? (rest.hiddenAt ?? note.hiddenAt ?? at) : null, updatedAt: Math.max(at, note.updatedAt) }
}

function shared(note: ServerNote, share: Share): ServerNote {
  const roles = { ...note.roles }
  for (const { userId, role } of share.members ?? []) roles[userId] = role
  for (const userId of share.remove ?? []) delete roles[userId]
  if (share.owner !== undefined) {
    delete roles[share.owner]
    roles[note.userId] = 'write'
  }
  return { ...note, userId: share.owner ?? note.userId, access: share.access ?? note.access, roles, collaborators: Object.keys(roles).sort() }
}

/** A folder with an edit that is not confirmed. */
export function overlayFolder(folder: ServerFolder | undefined, m: Mutation, at: number, author: string): ServerFolder | undefined {
  switch (m.op) {
    case 'folder_create':
      return folder ?? {
        color: '#6b7280', parentId: null, order: 0, isDefault: false, ...defined(m.folder),
        name: m.folder.name, id: m.folderId, userId: author, createdAt: at, updatedAt: at,
      }
    case 'folder_update':
      return folder && { ...folder, ...defined(m.changes), updatedAt: at }
    case 'folder_delete':
      return undefined
  }
  return folder
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Defined<T>
}
