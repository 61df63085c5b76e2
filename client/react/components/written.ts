import type { NoteBody, OutboxItem } from '../../src/index.js'

const body = ['title', 'content', 'blob', 'encryptedTitle', 'encryptedContent', 'iv', 'salt', 'type'] as const satisfies readonly (keyof NoteBody)[]

/** What edits say in a note, each field as the last of them has it; undefined if they say nothing there. */
export function writtenIn(items: readonly OutboxItem[]): NoteBody | undefined {
  const written: NoteBody = Object.assign({}, ...items.map(({ mutation }) => set(mutation.op === 'edit' ? mutation.changes : mutation.op === 'create' ? mutation.note : {})))
  return Object.keys(written).length === 0 ? undefined : written
}

/** What a note says, as a new one is given it. */
export function bodyOf(note: NoteBody): NoteBody {
  return Object.fromEntries(Object.entries(set(note)).filter(([, value]) => value !== null))
}

/** The fields of the body that are there. */
function set(of: NoteBody): NoteBody {
  return Object.fromEntries(body.map((name) => [name, of[name]]).filter(([, value]) => value !== undefined))
}

/** Whether later edits set all that an edit sets, so that nothing is lost with it. */
export function superseded({ mutation }: OutboxItem, later: readonly OutboxItem[]): boolean {
  if (mutation.op !== 'edit') return false
  const names = Object.keys(writtenIn(later) ?? {})
  return Object.keys(mutation.changes).every((name) => names.includes(name))
}
