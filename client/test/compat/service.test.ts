import { expect, test } from 'vitest'
import { WebSocketService, type WebSocketState } from '../../compat/index.js'
import type { ClientOptions } from '../../src/index.js'
import { World } from '../sim/world.js'

/** A service of its own on a device, without a token yet. */
function serviceIn(world: World, options: Partial<ClientOptions> = {}) {
  const device = world.device()
  let seen = true
  const looks = new Set<() => void>()
  const visibility = {
    visible: () => seen,
    onChange: (listener: () => void) => {
      looks.add(listener)
      return () => void looks.delete(listener)
    },
  }
  const service = new WebSocketService({
    url: 'http://server', clock: world.clock, network: device.network.adapter(() => false), storage: device.storage, visibility, account: () => 'ada', ...options,
  })
  const look = (visible: boolean) => {
    seen = visible
    for (const listener of [...looks]) listener()
  }
  const count = (what: string) => device.network.requests.filter(each => each === what).length
  return { service, device, look, count }
}

const statuses = (states: readonly WebSocketState[]) => states.map(({ status }) => status).filter((status, i, all) => status !== all[i - 1])

test('from connect and authenticate to disconnect: states, events, one auth (T11)', async () => {
  const world = new World()
  const { service, count } = serviceIn(world)
  const heard: string[] = []
  const states: WebSocketState[] = []
  service.setEventHandlers({
    onConnectionChange: state => states.push(state), onConnect: () => heard.push('connect'), onDisconnect: () => heard.push('disconnect'),
    onAuthenticated: userId => heard.push(`is ${userId}`), onError: error => heard.push(error.message),
  })
  expect(service.getState()).toEqual({ status: 'disconnected', isConnected: false, isAuthenticated: false, userId: null, error: null, reconnectAttempts: 0, joinedNotes: new Set(), lastSync: null })
  service.authenticate('ada')
  service.connect()
  service.connect()
  await world.clock.pass(5000)
  expect(heard).toEqual(['connect', 'is ada'])
  expect(service.getState()).toMatchObject({ status: 'authenticated', isConnected: true, isAuthenticated: true, userId: 'ada' })
  expect(count('ws auth')).toBe(1)
  service.disconnect()
  await world.clock.pass(1000)
  expect(heard).toEqual(['connect', 'is ada', 'disconnect'])
  expect(statuses(states)).toEqual(['connecting', 'authenticated', 'disconnected'])
})

test('a state is the same object until it is another', async () => {
  const world = new World()
  const { service } = serviceIn(world)
  const states: WebSocketState[] = []
  service.subscribe(state => states.push(state))
  service.authenticate('ada')
  service.connect()
  await world.clock.pass(200_000) // pings measure the connection meanwhile
  expect(states.map(({ status }) => status)).toEqual(['connecting', 'authenticated'])
  expect(service.getState()).toBe(states.at(-1))
})

test('without a token it asks for one, and goes on when there is one', async () => {
  const world = new World()
  const { service } = serviceIn(world)
  const errors: unknown[] = []
  service.setEventHandlers({ onError: error => errors.push(error) })
  service.connect()
  await world.clock.pass(5000)
  expect(service.getState().status).toBe('error')
  expect(errors).toEqual([{ message: 'Please sign in again.', code: 'AUTH_FAILED' }])
  service.authenticate('ada')
  await world.clock.pass(5000)
  expect(service.getState()).toMatchObject({ status: 'authenticated', error: null })
})

test('T19: setEventHandlers replaces what was set before', async () => {
  const world = new World()
  const { service } = serviceIn(world)
  const other = world.device().open()
  const heard: string[] = []
  service.setEventHandlers({ onNoteCreatedSync: message => heard.push(`one ${message.noteData.content}`), onConnect: () => heard.push('connect') })
  service.authenticate('ada')
  service.connect()
  await world.connected(other)
  await world.clock.pass(5000)
  service.setEventHandlers({ onNoteCreatedSync: () => heard.push('two') })
  other.client.createNote({ content: 'x' })
  await world.clock.pass(2000)
  service.setEventHandlers({})
  other.client.createNote({ content: 'y' })
  await world.clock.pass(2000)
  service.disconnect()
  await world.clock.pass(2000)
  expect(heard).toEqual(['connect', 'two'])
})

test('T9: what is sent offline, and before a disconnect, arrives', async () => {
  const world = new World()
  const { service, device } = serviceIn(world)
  service.authenticate('ada')
  service.connect()
  await world.clock.pass(5000)
  device.network.setOnline(false)
  service.sendNoteCreated({ id: 'n1', title: 'a', content: 'b' })
  service.sendNoteUpdate('n1', { content: 'c' })
  service.sendFolderCreated({ id: 'f1', name: 'Work' })
  service.disconnect()
  await world.clock.pass(1000)
  device.network.setOnline(true)
  service.connect()
  await world.clock.pass(10_000)
  expect(world.server.note('n1', 'ada')).toMatchObject({ title: 'a', content: 'c' })
  expect(world.server.folders('ada')).toMatchObject([{ id: 'f1', name: 'Work' }])
  service.sendFolderUpdated('f1', { name: 'Home' })
  service.sendNoteDeleted('n1')
  await world.clock.pass(2000)
  expect(world.server.folders('ada')).toMatchObject([{ name: 'Home' }])
  expect(world.server.note('n1', 'ada')?.deleted).toBe(true)
  service.sendFolderDeleted('f1')
  await world.clock.pass(2000)
  expect(world.server.folders('ada')).toEqual([])
})

test('T10: joined notes are joined again after an abnormal close', async () => {
  const world = new World()
  const { service, device, count } = serviceIn(world)
  service.authenticate('ada')
  service.connect()
  await world.clock.pass(5000)
  service.sendNoteCreated({ id: 'n1' })
  service.joinNote('n1')
  service.joinNote('n1')
  await world.clock.pass(1000)
  expect(count('ws join_note')).toBe(1)
  device.network.cut()
  await world.clock.pass(30_000)
  expect(count('ws join_note')).toBe(2)
  expect([...service.getState().joinedNotes]).toEqual(['n1'])
  service.leaveNote('n1')
  await world.clock.pass(1000)
  expect(count('ws leave_note')).toBe(1)
  expect(service.getState().joinedNotes.size).toBe(0)
})

test('lastSync is when something came from another device', async () => {
  const world = new World()
  const { service } = serviceIn(world)
  const other = world.device().open()
  service.authenticate('ada')
  service.connect()
  await world.connected(other)
  await world.clock.pass(5000)
  expect(service.getState().lastSync).toBeNull()
  other.client.createNote({ content: 'x' })
  await world.clock.pass(2000)
  expect(service.getState().lastSync).toEqual(expect.any(Number))
})

test('T18: it gives up after 10 attempts, until the network changes', async () => {
  const world = new World()
  const { service, device } = serviceIn(world)
  const attempts = new Set<number>()
  service.subscribe(state => attempts.add(state.reconnectAttempts))
  service.authenticate('ada')
  service.connect()
  await world.clock.pass(20_000)
  world.server.failing = () => ({ status: 503, body: 'no' })
  device.network.cut()
  await world.clock.pass(3_600_000)
  expect(Math.max(...attempts)).toBe(10)
  expect(service.getState()).toMatchObject({ status: 'error', isConnected: false })
  const before = device.network.requests.length
  await world.clock.pass(3_600_000)
  expect(device.network.requests.length).toBe(before)
  world.server.failing = () => undefined
  device.network.setOnline(false)
  device.network.setOnline(true)
  await world.clock.pass(5000)
  expect(service.getState()).toMatchObject({ status: 'authenticated', error: null, reconnectAttempts: 0 })
})

test('T18: … or until the page is looked at', async () => {
  const world = new World()
  const { service, device, look } = serviceIn(world)
  world.server.failing = () => ({ status: 503, body: 'no' })
  service.authenticate('ada')
  service.connect()
  await world.clock.pass(3_600_000)
  expect(service.getState().status).toBe('error')
  world.server.failing = () => undefined
  look(false)
  await world.clock.pass(60_000)
  expect(service.getState().status).toBe('error')
  look(true)
  await world.clock.pass(5000)
  expect(service.getState().status).toBe('authenticated')
  expect(device.network.faults.online).toBe(true)
})

test('a refusal that stays is not tried again when the page is looked at', async () => {
  const world = new World()
  const { service, look, count } = serviceIn(world, { transports: ['sse'] })
  world.server.failing = path => (path === '/api/events' ? { status: 403, body: { error: { code: 'forbidden', message: 'no' } } } : undefined)
  service.authenticate('ada')
  service.connect()
  await world.clock.pass(60_000)
  look(true)
  await world.clock.pass(60_000)
  expect(count('/api/events')).toBe(1)
  expect(service.getState().status).toBe('error')
})

test('an error can be cleared; a refused edit tells of itself', async () => {
  const world = new World()
  const { service } = serviceIn(world)
  const errors: string[] = []
  service.setEventHandlers({ onError: error => errors.push(error.message) })
  service.authenticate('ada')
  service.connect()
  await world.clock.pass(5000)
  service.sendNoteUpdate('none-of-these', { content: 'x' })
  await world.clock.pass(5000)
  expect(service.client.outbox.get().refused).toHaveLength(1)
  expect(errors).toEqual(['This note is no longer there.'])
  expect(service.getState().error).toBe('This note is no longer there.')
  service.clearError()
  expect(service.getState().error).toBeNull()
})

test('one’s own edits are no sync, and their success is told', async () => {
  const world = new World()
  const { service } = serviceIn(world)
  const heard: string[] = []
  service.setEventHandlers({ onNoteSync: () => heard.push('sync'), onNoteCreatedSync: () => heard.push('created'), onNoteUpdateSuccess: ({ noteId }) => heard.push(`success ${noteId}`) })
  service.authenticate('ada')
  service.connect()
  await world.clock.pass(5000)
  service.sendNoteCreated({ id: 'n1', content: 'a' })
  await world.clock.pass(2000)
  service.sendNoteUpdate('n1', { content: 'b' })
  await world.clock.pass(2000)
  expect(heard).toEqual(['success n1'])
  expect(service.getState().lastSync).toBeNull()
})
