import type { Problem } from '../protocol/errors.js'
import type { Base, Mutation, Operation } from '../protocol/mutation.js'
import { subjectOf } from '../protocol/subject.js'
import { bodyFields, coalesce, seenBase } from './coalesce.js'
import type { Item } from './item.js'

/** The account's unsettled edits on this device, in their order. Never changed in place. */
export type Queue = readonly Item[]

/** Who adds an edit, and when. */
export interface Adding {
  readonly id: string
  readonly tab: string
  readonly now: number
  /** How long it is gathered before it leaves; 0: not at all. */
  readonly gatherMs: number
  /** What the server has shown of the note; 0: nothing. */
  readonly version: number
  /** The draft that is typed on, though another tab has added something after it. */
  readonly onto?: string | undefined
}

/** An edit leaves after so many times the gathering at the latest, however much is typed: others see it grow. */
const longest = 2

/** A text with more characters than that is sent as much later as it is longer: it is sent whole, and to everybody. */
const long = 65_536

/** Adds an edit at the end, or to the last one of the same subject if that was not sent. Returns the item that it is in. */
export function add(queue: Queue, op: Operation, by: Adding): [Queue, Item] {
  const subject = subjectOf({ ...op, mutationId: by.id })
  const before = queue.filter(item => subjectOf(item.mutation) === subject)
  const last = before.find(item => item.id === by.onto) ?? before.at(-1)
  if (last && mayGrow(last, by)) {
    const mutation = coalesce(last.mutation, op, before.slice(0, before.indexOf(last)), by.version)
    if (mutation) {
      const most = longest * by.gatherMs * Math.max(1, textLength(mutation) / long)
      const dueAt = Math.min(by.now + by.gatherMs, Math.max(last.createdAt + most, by.now))
      const grown = { ...last, mutation, dueAt, status: 'draft', stored: false } as const
      return [replace(queue, grown), grown]
    }
  }
  const item: Item = {
    id: by.id, mutation: based({ ...op, mutationId: by.id }, before, by.version),
    status: 'draft', stored: false, attempts: 0, createdAt: by.now, dueAt: by.now + by.gatherMs, tab: by.tab,
    order: Math.max(by.now, (queue.at(-1)?.order ?? 0) + 1),
  }
  return [[...queue, item], item]
}

function textLength(m: Mutation): number {
  return (m.op === 'edit' ? m.changes.content?.length : m.op === 'create' ? m.note.content?.length : 0) ?? 0
}

function mayGrow(item: Item, by: Adding): boolean {
  return item.status === 'draft' && item.tab === by.tab && item.attempts === 0
}

function based(m: Mutation, before: Queue, version: number): Mutation {
  if (m.op !== 'edit' || m.base) return m
  const base = seenBase(before, bodyFields(m), version)
  return base ? { ...m, base } : m
}

/** Puts an item in the place of the one with its id, or where its order wants it. */
export function replace(queue: Queue, item: Item): Queue {
  if (queue.some(each => each.id === item.id)) return queue.map(each => (each.id === item.id ? item : each))
  return [...queue, item].sort((a, b) => a.order - b.order)
}

/** Takes an item out. */
export function remove(queue: Queue, id: string): Queue {
  return queue.some(item => item.id === id) ? queue.filter(item => item.id !== id) : queue
}

/** What became of a mutation that was sent. */
export type Outcome =
  | { readonly type: 'acknowledged'; readonly cursor: string }
  /** It is not known, or it was not tried: it is sent again. */
  | { readonly type: 'again'; readonly problem: Problem }
  /** It is sent again under another id. */
  | { readonly type: 'renew'; readonly id: string }
  | { readonly type: 'refused'; readonly problem: Problem }

/** The item after an outcome. */
export function settle(item: Item, outcome: Outcome): Item {
  const { problem: _, ...rest } = item
  switch (outcome.type) {
    case 'acknowledged':
      return { ...rest, status: 'acknowledged', cursor: outcome.cursor }
    case 'again':
      return { ...rest, status: 'queued', problem: outcome.problem }
    case 'renew':
      return { ...rest, status: 'queued', id: outcome.id, mutation: { ...item.mutation, mutationId: outcome.id } }
    case 'refused':
      return { ...rest, status: 'refused', problem: outcome.problem }
  }
}

/** Whether it holds what somebody wrote. That is kept when it is refused; what was only asked for (to share, to delete) is not. */
export function isWritten({ mutation }: Item): boolean {
  return mutation.op.startsWith('folder_') ? mutation.op !== 'folder_delete' : bodyFields(mutation).length > 0
}

/** Takes out a refused edit. What was made on it goes on from what it was made on; what was made of a refused note goes with it. */
export function discard(queue: Queue, id: string): Queue {
  const gone = queue.find(item => item.id === id)
  if (!gone) return queue
  const subject = subjectOf(gone.mutation)
  if (gone.mutation.op === 'create' || gone.mutation.op === 'folder_create') return queue.filter(item => subjectOf(item.mutation) !== subject)
  const base = gone.mutation.op === 'edit' ? gone.mutation.base : undefined
  return rebase(remove(queue, id), id, base)
}

/**
 * Sends a refused edit again, on the note as it is now, so that its side wins. The new id is another mutation's.
 *
 * @param version what the server has shown of the note by now; 0: nothing
 */
export function retry(queue: Queue, id: string, newId: string, newSubject: string, version: number): Queue {
  const item = queue.find(each => each.id === id)
  if (!item || item.status !== 'refused') return queue
  const { problem, ...rest } = item
  let mutation: Mutation = { ...item.mutation, mutationId: newId }
  const seen = Math.max(problem?.current?.version ?? 0, version) // the results of a batch have no notes
  if (mutation.op === 'edit' && problem?.action === 'choose' && seen > 0) mutation = { ...mutation, base: { baseVersion: seen } }
  let next = queue.map(each => (each === item ? { ...rest, id: newId, mutation, status: 'queued' as const, attempts: 0 } : each))
  next = [...rebase(next, id, { baseMutationId: newId })]
  return problem?.code === 'note_exists' ? renamed(next, subjectOf(mutation), newSubject) : next
}

function renamed(queue: Queue, from: string, to: string): Queue {
  return queue.map(item => {
    if (subjectOf(item.mutation) !== from) return item
    const member = 'noteId' in item.mutation ? 'noteId' : 'folderId'
    return { ...item, mutation: { ...item.mutation, [member]: to } as Mutation }
  })
}

/** Edits that were made on one, on another one, or on none. */
export function rebase(queue: Queue, from: string, to: Base | undefined): Queue {
  return queue.map(item => {
    const m = item.mutation
    if (m.op !== 'edit' || m.base?.baseMutationId !== from) return item
    const { base: _, ...rest } = m
    return { ...item, mutation: to ? { ...rest, base: to } : rest }
  })
}
