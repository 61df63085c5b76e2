import { expect, test } from 'vitest'
import { codeOfStatus, errorCodes, problem } from '../../src/protocol/errors.js'
import { problemOf, problemOfAnswer } from '../../src/protocol/problem.js'
import { World } from '../sim/world.js'

test('every code has a sentence for people, and says what to do', () => {
  for (const code of errorCodes) {
    expect(problem(code).sentence).toMatch(/^[A-Z].*\.$/)
    expect(problem(code).action).toBeTruthy()
  }
})

test('a code that is not known counts as its status', () => {
  expect(problemOf({ code: 'too_blue', message: 'x' }, 429)).toMatchObject({ code: 'rate_limited', action: 'retry', unknownCode: 'too_blue' })
  expect(problemOf({ code: 'too_blue', message: 'x' })).toMatchObject({ code: 'invalid' })
  expect(codeOfStatus(599)).toBe('unavailable')
})

test('what a proxy answers says nothing of the edit: it is sent again', () => {
  for (const status of [400, 403, 404, 502]) expect(problemOfAnswer(status, undefined, null).action).toBe('retry')
  expect(problemOfAnswer(503, null, '7')).toMatchObject({ retryAfterMs: 7000 })
})

test('what analytics are told of a refusal has no text', async () => {
  const world = new World()
  const told: unknown[] = []
  const tab = world.device().open({ onEvent: event => event.type === 'refused' && told.push(event) })
  await world.connected(tab)
  const { noteId } = tab.client.createNote({ content: 'secret' })
  await world.clock.pass(1000)
  const current = world.server.note(noteId, 'ada')
  world.server.refusing = () => ({ code: 'conflict', more: { current, base: current } })
  const { done, mutationId } = tab.client.editNote(noteId, { content: 'secret too' })
  await world.clock.pass(1000)
  await expect(done).rejects.toMatchObject({ problem: { current: { content: 'secret' } } })
  expect(told).toMatchObject([{ mutationId, problem: { code: 'conflict' } }])
  expect(JSON.stringify(told)).not.toContain('secret')
})

test('a refused edit is kept and named; what came after it waits, and goes on when it is given up', async () => {
  const world = new World()
  const tab = world.device().open()
  await world.connected(tab)
  const { client } = tab
  const { noteId } = client.createNote({ content: 'a' })
  await world.clock.pass(1000)
  world.server.refusing = item => (JSON.stringify(item).includes('bad') ? { code: 'note_expired' } : undefined)
  const bad = client.editNote(noteId, { content: 'bad' })
  await world.clock.pass(1000)
  await expect(bad.done).rejects.toMatchObject({ problem: { code: 'note_expired', action: 'copy', mutationId: bad.mutationId } })
  client.organise(noteId, { starred: true })
  await world.clock.pass(60_000)
  expect(client.note(noteId).get()).toMatchObject({ content: 'bad', saved: 'refused' })
  expect(client.outbox.get()).toMatchObject({ unsynced: 2, refused: [{ mutation: { mutationId: bad.mutationId } }] })
  client.discard(bad.mutationId)
  await world.clock.pass(2000)
  expect(client.outbox.get().unsynced).toBe(0)
  expect(client.note(noteId).get()).toMatchObject({ content: 'a', starred: true, saved: 'saved' })
})

test('a conflict that the client has to solve: one’s own side wins when it is sent again', async () => {
  const world = new World()
  const tab = world.device().open()
  await world.connected(tab)
  const { client } = tab
  const { noteId } = client.createNote({ content: 'a' })
  await world.clock.pass(1000)
  let once = true
  world.server.refusing = item => {
    if (item.op !== 'edit' || !once) return undefined
    once = false
    return { code: 'conflict', more: { current: world.server.note(noteId, 'ada') } }
  }
  const { mutationId } = client.editNote(noteId, { content: 'mine' })
  await world.clock.pass(1000)
  expect(client.outbox.get().refused[0]?.problem).toMatchObject({ action: 'choose', current: { content: 'a' } })
  client.retry(mutationId)
  await world.clock.pass(1000)
  expect(world.server.note(noteId, 'ada')?.content).toBe('mine')
  expect(client.outbox.get().unsynced).toBe(0)
})

test('one edit that is too large for a request does not hold up the others', async () => {
  const world = new World()
  const tab = world.device().open()
  await world.connected(tab)
  const notes = ['a', 'b', 'huge', 'c', 'd'].map(content => tab.client.createNote({ content }))
  const { handle } = world.server
  world.server.handle = (method, path, query, user, body) =>
    JSON.stringify(body ?? null).includes('huge') ? { status: 413, body: '<html>' } : handle.call(world.server, method, path, query, user, body)
  await world.clock.pass(60_000)
  expect(tab.client.outbox.get().refused).toMatchObject([{ mutation: { mutationId: notes[2]?.mutationId }, problem: { code: 'too_large' } }])
  expect(world.server.notes('ada', false)).toHaveLength(4)
})

test('what was only asked for does not hold up the note when it is refused', async () => {
  const world = new World()
  const device = world.device()
  const [one, two] = [device.open(), device.open()]
  await world.connected(one, two)
  const { noteId } = one.client.createNote({ content: 'a' })
  await world.clock.pass(1000)
  world.server.refusing = item => (['trash', 'share'].includes(String(item.op)) ? { code: 'forbidden' } : undefined)
  for (const tab of [one, two]) { // one of them leads
    const { done } = tab.client.trashNote(noteId)
    const shared = tab.client.shareNote(noteId, { access: 'public' })
    expect(tab.client.notes.get()).toEqual([])
    await world.clock.pass(2000)
    await expect(done).rejects.toMatchObject({ problem: { code: 'forbidden' } })
    await expect(shared.done).rejects.toMatchObject({ problem: { code: 'forbidden' } })
    expect(tab.client.notes.get()).toMatchObject([{ id: noteId, saved: 'saved', access: 'private' }])
    const edit = tab.client.editNote(noteId, { content: `${tab.client.note(noteId).get()?.content}b` })
    await world.clock.pass(2000)
    await edit.done
  }
  expect(one.client.outbox.get().items).toEqual([])
  expect(world.server.note(noteId, 'ada')?.content).toBe('abb')
})
