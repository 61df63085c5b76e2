import { expect, test } from 'vitest'
import { apply, type StoreAction } from '../../src/store/apply.js'
import { emptyState, type ServerState } from '../../src/store/state.js'
import { blankNote } from '../../src/protocol/parse.js'
import { frameOf } from '../../src/protocol/parse-frame.js'
import { later } from '../../src/protocol/cursor.js'
import type { ServerNote } from '../../src/index.js'

const note = (version: number, more: Partial<ServerNote> = {}): ServerNote =>
  ({ ...blankNote({ id: 'n', userId: 'ada', version, createdAt: 1, updatedAt: version }), ...more })
const origin = (cursor: string, version: number) => ({ noteId: 'n', timestamp: 1, fromUserId: 'ada', cursor, mutationId: 'm', version })
const sync = (cursor: string, version: number, more: Partial<ServerNote> = {}): StoreAction =>
  ({ type: 'frame', frame: frameOf({ type: 'note_sync', changes: {}, updatedNote: note(version, more), ...origin(cursor, version) }) })
const listed = (cursor: string, ...notes: ServerNote[]): StoreAction => ({ type: 'listed', cursor, notes, folders: [] })
const after = (...actions: StoreAction[]): ServerState => actions.reduce(apply, emptyState)

test('an event moves the cursor together with its effect; one that is not newer changes nothing', () => {
  const state = after(listed('e-1', note(1)), sync('e-2', 2, { content: 'two' }))
  expect(state).toMatchObject({ cursor: 'e-2', complete: true })
  expect(state.notes.get('n')?.content).toBe('two')
  expect(apply(state, sync('e-2', 3))).toBe(state)
  expect(apply(state, sync('e-1', 3))).toBe(state)
  expect(apply(state, sync('f-1', 3)).cursor).toBe('f-1')
})

test('an event that is older than what the list has shown moves the cursor alone', () => {
  const state = after(listed('e-1', note(5, { content: 'five' })), sync('e-2', 2, { content: 'two' }))
  expect(state.cursor).toBe('e-2')
  expect(state.notes.get('n')?.content).toBe('five')
})

test('a note in the trash stays, one out of sight goes', () => {
  const gone = (reason: string): StoreAction => ({ type: 'frame', frame: frameOf({ type: 'note_deleted_sync', reason, ...origin('e-2', 2) }) })
  expect(after(listed('e-1', note(1)), gone('trashed')).notes.get('n')).toMatchObject({ deleted: true, version: 2 })
  for (const reason of ['access_lost', 'purged', 'whatever']) expect(after(listed('e-1', note(1)), gone(reason)).notes.size).toBe(0)
})

test('a new list drops what is not in it', () => {
  const state = after(listed('e-1', note(1)), listed('f-1', { ...note(1), id: 'o' }))
  expect([...state.notes.keys()]).toEqual(['o'])
  expect(state.cursor).toBe('f-1')
})

test('the cursor of a frame that is not known is kept', () => {
  expect(after(listed('e-1'), { type: 'frame', frame: frameOf({ type: 'new', cursor: 'e-9' }) }).cursor).toBe('e-9')
})

test('the cursors of auth_success and resync are not kept as an event’s', () => {
  for (const frame of [{ type: 'auth_success', message: '', userId: 'a', cursor: 'e-9', connectionId: 'c' }, { type: 'resync', cursor: 'e-9', reason: 'epoch' }]) {
    expect(after(listed('e-1'), { type: 'frame', frame: frameOf(frame) }).cursor).toBe('e-1')
  }
})

test('a note whose text did not fit stays as it was, with its version, until it has been read', () => {
  const { content: _, blob: __, encryptedTitle: ___, encryptedContent: ____, ...cut } = note(2, { title: 'new' })
  const event: StoreAction = { type: 'frame', frame: frameOf({ type: 'note_sync', truncated: true, changes: {}, updatedNote: cut, ...origin('e-2', 2) }) }
  const state = after(listed('e-1', note(1, { content: 'old' })), event)
  expect(state.notes.get('n')).toMatchObject({ title: null, content: 'old', version: 1 }) // an edit of it is made on version 1
  expect([...state.truncated]).toEqual([['n', { version: 2, cursor: 'e-2' }]])
  expect(apply(state, { type: 'fetched', id: 'n', cursor: 'e-2', note: note(1, { content: 'old' }) })).toBe(state) // the answer was on its way before
  expect(apply(state, { type: 'fetched', id: 'n', cursor: 'e-1', note: note(2) })).toBe(state) // another event came meanwhile
  const unknown = after(listed('e-1'), event)
  expect([unknown.notes.size, [...unknown.truncated]]).toEqual([0, [['n', { version: 2, cursor: 'e-2' }]]]) // it has no text to be edited
  const read = apply(state, { type: 'fetched', id: 'n', cursor: 'e-2', note: note(2, { title: 'new', content: 'long' }) })
  expect(read.notes.get('n')?.content).toBe('long')
  expect(read.truncated.size).toBe(0)
  expect(apply(state, { type: 'fetched', id: 'n', cursor: 'e-2', note: undefined }).notes.size).toBe(0)
})

test('of two cursors of one epoch the larger number is later, and any of another epoch is (PROTOCOL.md, 1.1)', () => {
  expect([later('a-10', 'a-9'), later('a-9', 'a-10'), later('a-9', 'a-9'), later('b-1', 'a-9'), later('a-1', null), later('a-b-2', 'a-b-1')])
    .toEqual([true, false, false, true, true, true])
})
