import { expect, test } from 'vitest'
import { applyChanges, type Network } from '../../src/index.js'
import { World } from '../sim/world.js'

test('what was typed stays in sight while a text that did not fit into its event is read', async () => {
  const world = new World()
  world.server.truncateAt = 3
  const [one, two] = [world.device().open(), world.device().open()]
  await world.connected(one, two)
  const { noteId } = one.client.createNote({ content: 'long text' })
  await world.clock.pass(2000)
  expect(two.client.note(noteId).get()).toMatchObject({ content: 'long text', version: 1 })
  const seen = new Set<string | undefined>()
  one.client.note(noteId).subscribe(() => seen.add(one.client.note(noteId).get()?.content))
  one.client.editNote(noteId, { content: 'long text, longer' })
  await world.clock.pass(3000)
  expect([...seen]).toEqual(['long text, longer'])
  expect(one.client.note(noteId).get()).toMatchObject({ version: 2, saved: 'saved' })
})

test('an edit of a note whose newest text is not here yet takes nothing of it away', async () => {
  const world = new World()
  world.server.truncateAt = 3
  const device = world.device()
  const [one, two] = [device.open(), world.device().open()]
  await world.connected(one, two)
  const { noteId } = one.client.createNote({ content: 'first\nlast' })
  await world.clock.pass(2000)
  world.server.failing = path => (path === `/api/notes/${noteId}` ? { status: 503, body: {} } : undefined)
  two.client.editNote(noteId, { content: 'first\nlast\nof two' })
  await world.clock.pass(1000)
  one.client.editNote(noteId, { content: 'of one\nfirst\nlast' })
  await world.clock.pass(2000)
  world.server.failing = () => undefined
  await world.clock.pass(60_000) // it is asked again until it has come
  const content = world.server.note(noteId, 'ada')?.content
  expect(content?.split('\n')).toEqual(expect.arrayContaining(['of one', 'of two']))
  for (const tab of [one, two]) expect(tab.client.note(noteId).get()?.content).toBe(content)
})

test('an editor that opens over a draft of before does not undo what came since', async () => {
  const world = new World()
  const [one, two] = [world.device().open({ editDebounceMs: 1000 }), world.device().open({ editDebounceMs: 0 })]
  await world.connected(one, two)
  const { noteId } = one.client.createNote({ content: 'a' })
  await world.clock.pass(2000)
  one.client.editNote(noteId, { content: 'a\nof one' }) // is gathered for a second
  two.client.editNote(noteId, { content: 'a\nof two' })
  await world.clock.pass(200)
  const session = one.client.text(noteId)
  expect(one.client.outbox.get().items).toMatchObject([{ status: 'queued', mutation: { base: { baseVersion: 1 } } }]) // for the server to merge
  let editor = session.value
  session.onRemote(changes => (editor = applyChanges(editor, changes)))
  const end = [{ from: editor.length, to: editor.length, insert: '!' }]
  editor = applyChanges(editor, end)
  session.localChange(end)
  await world.clock.pass(5000)
  const content = world.server.note(noteId, 'ada')?.content
  expect(content?.split('\n')).toEqual(expect.arrayContaining(['of one!', 'of two']))
  expect([editor, session.value]).toEqual([content, content])
})

test('an edit that was confirmed by a server whose log is over hides nothing of the next', async () => {
  const world = new World()
  const device = world.device()
  const network = device.network.adapter(() => false)
  const slow: Network = { // what was done is known late
    ...network,
    fetch: async (url, init) => {
      const answer = await network.fetch(url, init)
      if (url.endsWith('/api/mutations')) await new Promise<void>(resolve => void world.clock.after(10_000, resolve))
      return answer
    },
  }
  const tab = device.open({ editDebounceMs: 0, network: slow })
  await world.connected(tab)
  const { noteId } = tab.client.createNote({ content: 'a' })
  await world.clock.pass(11_000)
  device.network.hang() // its event does not come
  const { done } = tab.client.editNote(noteId, { content: 'ab' })
  await world.clock.pass(200)
  world.server.restart(true)
  await world.clock.pass(20_000)
  await done
  const other = world.device().open()
  await world.connected(other)
  other.client.editNote(noteId, { content: 'abc' })
  await world.clock.pass(5000)
  expect(tab.client.note(noteId).get()).toMatchObject({ content: 'abc', saved: 'saved' })
})
