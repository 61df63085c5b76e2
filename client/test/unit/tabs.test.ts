import { expect, test } from 'vitest'
import { World } from '../sim/world.js'

const leads = (tab: { client: { connection: { get(): { name: string; leader?: boolean } } } }) => tab.client.connection.get().leader === true

test('ten tabs hold one connection, all show the same, and each can edit', async () => {
  const world = new World()
  const device = world.device()
  const tabs = Array.from({ length: 10 }, () => device.open())
  await world.connected(...tabs)
  expect(world.server.streams.size).toBe(1)
  expect(tabs.filter(leads)).toHaveLength(1)
  for (const [i, tab] of tabs.entries()) tab.client.createNote({ content: `${i}` })
  await world.clock.pass(3000)
  for (const tab of tabs) {
    expect(tab.client.notes.get()).toHaveLength(10)
    expect(tab.client.outbox.get().unsynced).toBe(0)
  }
  for (let left = tabs.length; left > 1; left--) { // whoever leads goes, and the next one takes over
    const leader = device.tabs.find(leads)!
    device.crash(leader)
    world.server.streams.clear()
    await world.clock.pass(2000)
    expect(device.tabs.filter(leads)).toHaveLength(1)
    expect(world.server.streams.size).toBe(1)
  }
})

test('what was measured, and what the server says of the connection, is known in every tab', async () => {
  const world = new World()
  const device = world.device({ sockets: 'mute' })
  const [one, two] = [device.open(), device.open()]
  const said: string[] = []
  for (const tab of [one, two]) {
    tab.client.on('resync', frame => said.push(`${leads(tab) ? 'leader' : 'follower'}: ${frame.reason}`))
  }
  await world.connected(one, two)
  const report = one.client.network.get()
  expect(report).toMatchObject({ chosen: 'sse', measured: { websocket: { ok: false } } })
  expect(two.client.network.get()).toEqual(report)
  const three = device.open() // it came late
  await world.connected(three)
  expect(three.client.network.get()).toEqual(report)
  for (const stream of world.server.streams) stream.send({ type: 'resync', cursor: 'e-0', reason: 'epoch' })
  await world.clock.pass(1000)
  expect(said.sort()).toEqual(['follower: epoch', 'leader: epoch'])
})

test('the edit of a tab that is closed while it was still typing is sent by another', async () => {
  const world = new World()
  const device = world.device()
  const [one, two] = [device.open(), device.open()]
  await world.connected(one, two)
  const { noteId } = one.client.createNote({ content: 'a' })
  await world.clock.pass(2000)
  const follower = leads(one) ? two : one
  const { stored } = follower.client.editNote(noteId, { content: 'b' })
  await world.clock.pass(50) // durable, and not handed over
  await stored
  device.crash(follower)
  await world.clock.pass(3000)
  expect(world.server.note(noteId, 'ada')?.content).toBe('b')
})

test('an edit in flight when its tab crashes is sent again by the next, with one effect', async () => {
  const world = new World()
  const device = world.device({ lostAnswers: 1 })
  const tab = device.open()
  await world.clock.pass(500)
  Object.assign(device.network.faults, { lostAnswers: 0 })
  await world.connected(tab)
  Object.assign(device.network.faults, { lostAnswers: 1 })
  const { noteId } = tab.client.createNote({ content: 'once' })
  await world.clock.pass(500)
  expect(world.server.receipts.size).toBe(1)
  device.crash(tab)
  Object.assign(device.network.faults, { lostAnswers: 0 })
  const again = device.open()
  await world.connected(again)
  await world.clock.pass(5000)
  expect(world.server.receipts.size).toBe(1)
  expect(world.server.versions(noteId)).toHaveLength(1)
  expect(again.client.outbox.get().unsynced).toBe(0)
})

test('a frozen leader is replaced, and cannot write or send when it thaws', async () => {
  const world = new World()
  const device = world.device()
  const frozen = device.open()
  await world.connected(frozen)
  frozen.client.createNote({ content: 'a' })
  await world.clock.pass(1000)
  frozen.freeze(true)
  const other = device.open()
  await world.clock.pass(20_000)
  expect(leads(other)).toBe(true)
  const { noteId } = other.client.createNote({ content: 'b' })
  await world.clock.pass(1000)
  const requests = device.network.requests.filter(each => each === '/api/mutations').length
  frozen.freeze(false)
  frozen.client.editNote(noteId, { content: 'c' })
  await world.clock.pass(5000)
  expect(leads(frozen)).toBe(false)
  expect(leads(other)).toBe(true)
  expect(world.server.note(noteId, 'ada')?.content).toBe('c') // by way of the new leader
  expect(device.network.requests.filter(each => each === '/api/mutations').length).toBe(requests + 1)
})

test('two accounts on one device: the edits of one are never sent as the other', async () => {
  const world = new World()
  const device = world.device()
  const tab = device.open()
  await world.connected(tab)
  device.network.setOnline(false)
  tab.client.createNote({ content: 'of ada' })
  await world.clock.pass(1000)
  device.user = 'ben'
  device.network.setOnline(true)
  await world.clock.pass(20_000)
  expect(tab.client.connection.get()).toMatchObject({ name: 'connected', userId: 'ben' })
  expect(tab.client.notes.get()).toEqual([])
  expect(world.server.notes('ben', false)).toEqual([])
  tab.client.createNote({ content: 'of ben' })
  await world.clock.pass(1000)
  device.user = 'ada'
  tab.client.reconnect()
  await world.clock.pass(20_000)
  expect(world.server.notes('ada', false)).toMatchObject([{ content: 'of ada' }])
  expect(world.server.notes('ben', false)).toMatchObject([{ content: 'of ben' }])
  expect(tab.client.notes.get()).toMatchObject([{ content: 'of ada' }])
})

test('what was written before anybody signed in becomes the first one’s', async () => {
  const world = new World()
  const device = world.device()
  let user: string | null = null
  const tab = device.open({ token: () => user, account: () => user })
  tab.client.createNote({ content: 'early' })
  await world.clock.pass(5000)
  expect(tab.client.connection.get()).toMatchObject({ name: 'needs-auth' })
  user = 'ada'
  await world.clock.pass(60_000)
  expect(world.server.notes('ada', false)).toMatchObject([{ content: 'early' }])
  expect(tab.client.outbox.get().unsynced).toBe(0)
})

test('C17: connecting, closing and connecting again, as React does it in strict mode, ends with one connection', async () => {
  const world = new World()
  for (const wait of [0, 1, 5, 20, 300]) {
    const tab = world.device().open()
    void tab.client.close()
    tab.client.connect()
    await world.clock.pass(wait)
    void tab.client.close()
    await world.clock.pass(wait)
    tab.client.connect()
    await world.clock.pass(2000)
    expect(tab.client.connection.get()).toMatchObject({ name: 'connected' })
    expect(world.server.streams.size).toBe(1)
    void tab.client.close()
    await world.clock.pass(2000)
    expect(tab.client.connection.get()).toEqual({ name: 'idle' })
    expect(world.server.streams.size).toBe(0)
  }
})
