import type { Base, Mutation, Operation } from '../protocol/mutation.js'
import type { NoteChanges, NoteFields } from '../protocol/note.js'
import type { Item } from './item.js'

const body = ['title', 'content', 'blob', 'encryptedTitle', 'encryptedContent', 'iv', 'salt', 'type'] as const

/** The fields of the note's body that an operation sets. Only these need to say what they were made on. */
export function bodyFields(op: Operation): readonly string[] {
  if (op.op === 'create') return body
  return op.op === 'edit' ? body.filter(name => op.changes[name] !== undefined) : []
}

/**
 * What the user saw when editing these fields: the last unsettled edit of one of them, else the server's version. Undefined
 * if nothing needs to be said.
 *
 * @param before the note's unsettled edits, in their order
 * @param version what the server has shown of the note; 0: nothing
 */
export function seenBase(before: readonly Item[], fields: readonly string[], version: number): Base | undefined {
  if (fields.length === 0) return undefined
  const on = before.findLast(item => bodyFields(item.mutation).some(name => fields.includes(name)))
  const shown = on?.mutation.op === 'create' && version > 0 // the server's note is seen then, not the one that was created
  if (on && !shown) return { baseMutationId: on.id }
  return version > 0 ? { baseVersion: version } : undefined
}

/** One set of changes after another: nothing of the first is lost that the second does not set. */
export function joinChanges<T extends NoteChanges | NoteFields>(first: T, second: T): T {
  if (second.tags) {
    const { addTags: _, removeTags: __, ...rest } = first
    return { ...rest, ...second } as T
  }
  const joined = { ...first, ...second }
  for (const [one, other] of [['addTags', 'removeTags'], ['removeTags', 'addTags']] as const) {
    const taken = first[one]?.filter(tag => !second[other]?.includes(tag)) ?? []
    const all = [...new Set([...taken, ...(second[one] ?? [])])]
    if (all.length) joined[one] = all
    else delete joined[one]
  }
  if (first.tags && (joined.addTags || joined.removeTags)) {
    joined.tags = [...new Set([...first.tags, ...(joined.addTags ?? [])])].filter(tag => !joined.removeTags?.includes(tag))
    delete joined.addTags
    delete joined.removeTags
  }
  return joined
}

/**
 * The last unsent mutation with another one on top of it; undefined if they have to stay two.
 *
 * @param before the note's unsettled edits before the last
 */
export function coalesce(last: Mutation, next: Operation, before: readonly Item[], version: number): Mutation | undefined {
  const { mutationId } = last
  if (last.op === 'organise' && next.op === 'organise') return { ...last, fields: joinChanges(last.fields, next.fields) }
  if (last.op === 'folder_update' && next.op === 'folder_update') return { ...last, changes: { ...last.changes, ...next.changes } }
  if (next.op !== 'edit' || next.changes.deleted !== undefined) return undefined
  if (last.op === 'create') return { ...last, note: joinChanges(last.note, next.changes) }
  if (last.op !== 'edit' || last.changes.deleted !== undefined) return undefined
  const had = bodyFields(last)
  const base = seenBase(before, bodyFields(next).filter(name => !had.includes(name)), version)
  const kept = had.length ? last.base : base
  if (base && !sameBase(base, kept)) return undefined // it was made on something newer: as one they would undo what came between
  return { op: 'edit', noteId: last.noteId, mutationId, changes: joinChanges(last.changes, next.changes), ...(kept ? { base: kept } : {}) }
}

/** Whether two edits were made on the same. */
export function sameBase(a: Base | undefined, b: Base | undefined): boolean {
  return a?.baseVersion === b?.baseVersion && a?.baseMutationId === b?.baseMutationId
}
