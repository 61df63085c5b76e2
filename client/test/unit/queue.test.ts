import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinChanges } from '../../src/outbox/coalesce.js'
import { nextBatch } from '../../src/outbox/batch.js'
import { add, discard, retry, settle, type Queue } from '../../src/outbox/queue.js'
import type { NoteFields, Operation } from '../../src/index.js'
import { problem } from '../../src/protocol/errors.js'

let ids = 0
const by = (more: object = {}) => ({ id: `m${ids++}`, tab: 'one', now: 1000, gatherMs: 300, version: 3, ...more })
const edit = (changes: object, noteId = 'n'): Operation => ({ op: 'edit', noteId, changes })
const queueOf = (...ops: [Operation, object?][]): Queue => ops.reduce<Queue>((queue, [op, more]) => add(queue, op, by(more))[0], [])
const sent = (queue: Queue): Queue => queue.map(item => ({ ...item, status: 'queued', attempts: 1 }))
const limits = { items: 100, bytes: 1e6 }

test('T6: a body and then tags within the pause are one edit, and neither is lost', () => {
  const queue = queueOf([edit({ content: 'text' })], [edit({ tags: ['home'] })])
  expect(queue).toMatchObject([{ mutation: { changes: { content: 'text', tags: ['home'] }, base: { baseVersion: 3 } } }])
})

test('T22: a second offline edit is added to the first, not taken for a duplicate', () => {
  const queue = queueOf([{ op: 'create', noteId: 'n', note: { title: 'a' } }], [edit({ content: 'b' })], [edit({ content: 'c' })])
  expect(queue).toMatchObject([{ mutation: { op: 'create', note: { title: 'a', content: 'c' } } }])
})

test('what was sent once is never changed: its id stands for it', () => {
  const first = sent(queueOf([edit({ content: 'a' })]))
  const [queue] = add(first, edit({ content: 'b' }), by())
  expect(queue).toHaveLength(2)
  expect(queue[0]).toBe(first[0])
  expect(queue[1]).toMatchObject({ mutation: { changes: { content: 'b' }, base: { baseMutationId: first[0]?.id } } })
})

test('L8: an edit sends what was edited, and no title or text besides', () => {
  expect(queueOf([edit({ blob: { a: 1 } })])[0]?.mutation).toEqual({ op: 'edit', noteId: 'n', mutationId: expect.any(String) as string, changes: { blob: { a: 1 } }, base: { baseVersion: 3 } })
})

test('an edit of something newer is not joined to one of something older', () => {
  const [queue] = add(queueOf([edit({ title: 'a' })]), edit({ content: 'b' }), by({ version: 4 }))
  expect(queue).toMatchObject([{ mutation: { base: { baseVersion: 3 } } }, { mutation: { base: { baseVersion: 4 } } }])
})

test('own fields alone say nothing of what they were made on', () => {
  expect(queueOf([edit({ starred: true })])[0]?.mutation).not.toHaveProperty('base')
})

test('typing leaves after a pause, and of typing without one something after two', () => {
  let queue = queueOf([edit({ content: 'a' })])
  queue = add(queue, edit({ content: 'ab' }), by({ now: 1100 }))[0]
  expect(queue[0]?.dueAt).toBe(1400)
  for (let now = 1200; now < 1600; now += 100) queue = add(queue, edit({ content: `ab${now}` }), by({ now }))[0]
  expect(queue).toMatchObject([{ dueAt: 1600 }])
  const long = 'x'.repeat(2 * 65_536)
  for (let now = 1600; now < 2200; now += 100) queue = add(queue, edit({ content: long }), by({ now }))[0]
  expect(queue).toMatchObject([{ dueAt: 2200 }]) // it is sent half as often
})

test('a batch has what may be sent, in order, and nothing behind what is not through', () => {
  let queue = sent(queueOf([edit({ content: 'a' }, 'n1')], [edit({ content: 'b' }, 'n2')]))
  queue = sent(add(queue, edit({ content: 'c' }, 'n1'), by())[0])
  expect(nextBatch(queue, limits).map(item => item.id)).toEqual(queue.map(item => item.id))
  const refused = [settle(queue[0]!, { type: 'refused', problem: problem('forbidden') }), ...queue.slice(1)]
  expect(nextBatch(refused, limits)).toEqual([queue[1]])
})

test('a batch is bounded in bytes, but one edit is always sent', () => {
  const queue = sent(queueOf([edit({ content: 'x'.repeat(1000) }, 'n1')], [edit({ content: 'y' }, 'n2')]))
  expect(nextBatch(queue, { items: 100, bytes: 100 })).toEqual([queue[0]])
})

test('what was made on a refused edit goes on from what that was made on', () => {
  let queue = sent(queueOf([edit({ content: 'a' })]))
  queue = sent(add(queue, edit({ content: 'b' }), by())[0])
  queue = [settle(queue[0]!, { type: 'refused', problem: problem('too_large') }), queue[1]!]
  expect(discard(queue, queue[0]!.id)).toMatchObject([{ mutation: { changes: { content: 'b' }, base: { baseVersion: 3 } } }])
})

test('a refused edit that is sent again goes on the note as it is, and those behind it follow', () => {
  let queue = sent(queueOf([edit({ content: 'a' })]))
  queue = sent(add(queue, edit({ content: 'b' }), by())[0])
  const current = { version: 9 } as never
  queue = [settle(queue[0]!, { type: 'refused', problem: problem('conflict', '', { current }) }), queue[1]!]
  expect(retry(queue, queue[0]!.id, 'new', 'note', 8)).toMatchObject([
    { id: 'new', status: 'queued', mutation: { mutationId: 'new', base: { baseVersion: 9 } } },
    { mutation: { base: { baseMutationId: 'new' } } },
  ])
  queue = [settle({ ...queue[0]!, status: 'sending' }, { type: 'refused', problem: problem('conflict') }), queue[1]!] // a batch's
  expect(retry(queue, queue[0]!.id, 'new', 'note', 8)).toMatchObject([{ mutation: { base: { baseVersion: 8 } } }, {}])
})

const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'))
const someFields = fc.record({ tags, addTags: tags, removeTags: tags, starred: fc.boolean(), folderId: fc.constantFrom('f', null) }, { requiredKeys: [] })
  .filter(fields => !fields.addTags?.some(tag => fields.removeTags?.includes(tag)))

function applied(to: { tags: readonly string[]; starred: boolean; folderId: string | null }, fields: NoteFields) {
  const all = [...new Set([...(fields.tags ?? to.tags), ...(fields.addTags ?? [])])].filter(tag => !fields.removeTags?.includes(tag))
  return { tags: all.sort(), starred: fields.starred ?? to.starred, folderId: fields.folderId === undefined ? to.folderId : fields.folderId }
}

test('two changes as one do what they did one after the other', () => {
  fc.assert(fc.property(tags, someFields, someFields, (had, first, second) => {
    const note = { tags: had, starred: false, folderId: null }
    expect(applied(note, joinChanges<NoteFields>(first, second))).toEqual(applied(applied(note, first), second))
  }))
})

test('a note that is still to be created, and is there already, is edited as it is there', () => {
  const created = sent(queueOf([{ op: 'create', noteId: 'n', note: { content: 'a' } }]))
  expect(add(created, edit({ content: 'ab' }), by({ version: 0 }))[1].mutation).toMatchObject({ base: { baseMutationId: created[0]?.id } })
  expect(add(created, edit({ content: 'of another, and b' }), by({ version: 2 }))[1].mutation).toMatchObject({ base: { baseVersion: 2 } })
})
