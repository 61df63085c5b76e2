import { expect, test } from 'vitest'
import { World } from '../sim/world.js'

const count = (requests: readonly string[], what: string) => requests.filter(each => each === what).length

test('T1: after an abnormal close the client signs in again over the same transport, and goes on', async () => {
  const world = new World()
  const device = world.device()
  const tab = device.open()
  await world.connected(tab)
  for (let i = 1; i <= 4; i++) {
    device.network.cut()
    await world.clock.pass(40_000)
    expect(tab.client.connection.get()).toMatchObject({ name: 'connected', transport: 'websocket' })
  }
  tab.client.createNote({ content: 'x' })
  await world.clock.pass(1000)
  expect(world.server.notes('ada', false)).toHaveLength(1)
})

test('T2: a server that accepts nothing is asked now and then, and not in a loop', async () => {
  const world = new World()
  const device = world.device()
  const tab = device.open()
  await world.connected(tab)
  world.server.failing = path => (path === '/api/mutations' ? { status: 503, body: 'no' } : undefined)
  tab.client.createNote({ content: 'x' })
  await world.clock.pass(600_000)
  expect(count(device.network.requests, '/api/mutations')).toBeLessThan(80)
  world.server.failing = () => undefined
  await world.clock.pass(30_000)
  expect(tab.client.outbox.get().unsynced).toBe(0)
})

test('T6: body, tags and star one soon after the other all arrive', async () => {
  const world = new World()
  const tab = world.device().open()
  await world.connected(tab)
  const { noteId } = tab.client.createNote({ content: '' })
  await world.clock.pass(1000)
  tab.client.editNote(noteId, { content: 'body' })
  tab.client.editNote(noteId, { tags: ['home'] })
  tab.client.organise(noteId, { starred: true })
  tab.client.editNote(noteId, { title: 'title' })
  await world.clock.pass(2000)
  expect(world.server.note(noteId, 'ada')).toMatchObject({ content: 'body', tags: ['home'], starred: true, title: 'title' })
})

test('T9: what is edited offline is kept, over disconnect, reconnect and reload, and sent', async () => {
  const world = new World()
  const device = world.device()
  const tab = device.open()
  await world.connected(tab)
  device.network.setOnline(false)
  const { noteId, stored } = tab.client.createNote({ content: 'offline' })
  expect(tab.client.note(noteId).get()).toMatchObject({ saved: 'saving', pending: true }) // not durable yet: nothing else is said
  await world.clock.pass(1000)
  await stored
  expect(tab.client.note(noteId).get()).toMatchObject({ saved: 'offline', pending: true })
  await Promise.all([tab.client.close(), world.clock.pass(1000)])
  device.crash(tab)
  const again = device.open()
  await world.clock.pass(1000)
  expect(again.client.notes.get()).toMatchObject([{ content: 'offline' }])
  expect(again.client.outbox.get().unsynced).toBe(1)
  device.network.setOnline(true)
  await world.clock.pass(5000)
  expect(world.server.note(noteId, 'ada')?.content).toBe('offline')
  expect(again.client.note(noteId).get()).toMatchObject({ saved: 'saved', pending: false })
})

test('T10: who is present in a note joins it again after an abnormal close', async () => {
  const world = new World()
  const device = world.device()
  const tab = device.open()
  await world.connected(tab)
  const { noteId } = tab.client.createNote({})
  tab.client.presence(noteId).set({ at: 1 })
  await world.clock.pass(1000)
  expect(count(device.network.requests, 'ws join_note')).toBe(1)
  device.network.cut()
  await world.clock.pass(30_000)
  expect(count(device.network.requests, 'ws join_note')).toBe(2)
})

test('T11: one auth for each connection, with a token of its own', async () => {
  const world = new World()
  const device = world.device()
  const network = device.network.adapter(() => false)
  let given = 0
  const shown: unknown[] = []
  class WebSocket extends network.WebSocket! {
    override send(text: string) {
      const { type, token } = JSON.parse(text) as { type: string; token?: unknown }
      if (type === 'auth') shown.push(token)
      super.send(text)
    }
  }
  const tab = device.open({ network: { ...network, WebSocket }, token: () => `token ${++given}` })
  await world.connected(tab)
  await world.clock.pass(60_000)
  expect(shown).toHaveLength(1)
  const before = given
  device.network.cut()
  await world.clock.pass(60_000)
  expect(shown).toHaveLength(2)
  expect(Number(String(shown[1]).replace('token ', ''))).toBeGreaterThan(before)
})

test('T18: a connection that hangs is given up after 80 s of silence, and another one takes its place', async () => {
  const world = new World()
  const device = world.device()
  const tab = device.open()
  const other = world.device().open()
  await world.connected(tab, other)
  await world.clock.pass(1000)
  device.network.hang()
  other.client.createNote({ content: 'unheard' })
  await world.clock.pass(60_000)
  expect(tab.client.notes.get()).toHaveLength(0)
  await world.clock.pass(40_000)
  expect(tab.client.notes.get()).toHaveLength(1)
})

test('T19: listeners are many, each for itself, and gone when they say so', async () => {
  const world = new World()
  const tab = world.device().open()
  const heard: string[] = []
  const end = tab.client.on('note_created_sync', () => heard.push('one'))
  tab.client.on('note_created_sync', frame => heard.push(`two ${frame.noteData.content}`))
  await world.connected(tab)
  tab.client.createNote({ content: 'a' })
  await world.clock.pass(1000)
  end()
  tab.client.createNote({ content: 'b' })
  await world.clock.pass(1000)
  expect(heard).toEqual(['one', 'two a', 'two b'])
})

test('T22: a second offline edit of a note is no duplicate, also after a crash', async () => {
  const world = new World()
  const device = world.device()
  const tab = device.open()
  await world.connected(tab)
  const { noteId } = tab.client.createNote({ content: 'a' })
  await world.clock.pass(2000)
  device.network.setOnline(false)
  tab.client.editNote(noteId, { content: 'b' })
  await world.clock.pass(1000)
  tab.client.editNote(noteId, { title: 'c' })
  await world.clock.pass(1000)
  device.crash(tab)
  device.network.setOnline(true)
  const again = device.open()
  await world.connected(again)
  await world.clock.pass(5000)
  expect(world.server.note(noteId, 'ada')).toMatchObject({ content: 'b', title: 'c' })
  expect(again.client.notes.get()).toMatchObject([{ content: 'b', title: 'c', saved: 'saved' }])
})

test('T22: what was being sent when the tab died is sent again, and has one effect', async () => {
  const world = new World()
  const device = world.device()
  for (const lost of ['lostRequests', 'lostAnswers'] as const) {
    const tab = device.open()
    await world.connected(tab)
    const made = count(device.network.requests, '/api/mutations')
    device.network.faults[lost] = 1
    const { noteId } = tab.client.createNote({ content: lost })
    await world.clock.until(() => count(device.network.requests, '/api/mutations') > made, 1000, 1)
    await world.clock.pass(100)
    device.crash(tab)
    device.network.faults[lost] = 0
    const again = device.open()
    await world.connected(again)
    await world.clock.pass(5000)
    expect(world.server.versions(noteId)).toMatchObject([{ note: { content: lost } }])
    expect(again.client.outbox.get().items).toEqual([])
    device.crash(again)
  }
})

test('L8: an edit of the blob alone leaves title and text as they are', async () => {
  const world = new World()
  const tab = world.device().open()
  await world.connected(tab)
  const { noteId } = tab.client.createNote({ title: 'Mine', content: 'text', blob: [1] })
  await world.clock.pass(1000)
  tab.client.editNote(noteId, { blob: [2] })
  await world.clock.pass(1000)
  expect(world.server.note(noteId, 'ada')).toMatchObject({ title: 'Mine', content: 'text', blob: [2] })
})

test('L9: a refusal to connect that will stay is not tried again', async () => {
  const world = new World()
  const device = world.device({ sockets: 'none' })
  world.server.failing = path => (path === '/api/events' ? { status: 403, body: { error: { code: 'forbidden', message: 'no' } } } : undefined)
  const tab = device.open({ transports: ['sse'] })
  await world.clock.pass(600_000)
  expect(tab.client.connection.get()).toMatchObject({ name: 'stopped', reason: { code: 'forbidden' } })
  expect(count(device.network.requests, '/api/events')).toBe(1)
})
