import type { Folder, Note } from '../../src/index'

/** A note with what a test is about. */
export function note(more: Partial<Note> = {}): Note {
  return {
    id: 'n', userId: 'alice', version: 1, title: null, content: '', blob: null, encryptedTitle: null, encryptedContent: null, iv: null, salt: null, type: 'note',
    access: 'private', collaborators: [], roles: {}, deleted: false, createdAt: 0, updatedAt: 0, expiresAt: null, folderId: null, tags: [], starred: false,
    archived: false, hidden: false, hiddenAt: null, pending: false, saved: 'saved', ...more,
  }
}

/** A folder with what a test is about. */
export function folder(id: string, parentId: string | null): Folder {
  return { id, userId: 'alice', name: id, color: '#000000', parentId, order: 0, isDefault: false, createdAt: 0, updatedAt: 0, pending: false }
}
