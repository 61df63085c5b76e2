import type { Client } from '../../../src/index'
import { toast } from '../ui/toast'
import { asked } from '../ui/asked'

/** Puts a note into the trash, and offers to take it out again. Of these edits too, a refusal is in the outbox. */
export function trashNote(client: Client, id: string): void {
  if (client.note(id).get()?.deleted) return
  asked(client.trashNote(id))
  toast('Moved to the trash', () => asked(client.restoreNote(id)))
}

/** Archives a note, or takes it out. */
export function archiveNote(client: Client, id: string, archived: boolean): void {
  if (client.note(id).get()?.archived === archived) return
  const put = (archived: boolean) => asked(client.organise(id, { archived }))
  put(archived)
  toast(archived ? 'Archived' : 'Taken out of the archive', () => put(!archived))
}

/** Puts a note into a folder; null: into none. */
export function moveNote(client: Client, id: string, folderId: string | null): void {
  const before = client.note(id).get()?.folderId ?? null
  if (before === folderId) return
  const put = (folderId: string | null) => asked(client.organise(id, { folderId }))
  const name = client.folders.get().find(folder => folder.id === folderId)?.name
  put(folderId)
  toast(folderId === null ? 'Taken out of its folder' : `Moved to “${name ?? 'the folder'}”`, () => put(before))
}
