import { expect, test } from 'vitest'
import { heldBack } from '../../src/connection/probe.js'
import { World } from '../sim/world.js'

test('WebSockets that open and then let nothing pass: an event stream within seconds, and what comes arrives once', async () => {
  const world = new World()
  const device = world.device({ sockets: 'mute' })
  const tab = device.open()
  await world.clock.pass(8000)
  expect(tab.client.connection.get()).toMatchObject({ name: 'connected', transport: 'sse' })
  expect(tab.client.network.get()).toMatchObject({ chosen: 'sse', measured: { websocket: { ok: false }, sse: { ok: true, holdBack: 0 } } })
})

test('streams that are held back: polls', async () => {
  const world = new World()
  const tab = world.device({ sockets: 'none', streams: 'held' }).open()
  await world.clock.pass(40_000)
  expect(tab.client.connection.get()).toMatchObject({ name: 'connected', transport: 'poll' })
  world.device().open().client.createNote({ content: 'x' })
  await world.clock.pass(10_000)
  expect(tab.client.notes.get()).toHaveLength(1)
})

test('when WebSockets work again it goes back to them, with no gap', async () => {
  const world = new World()
  const device = world.device({ sockets: 'none' })
  const switched: string[] = []
  const tab = device.open({ onEvent: event => event.type === 'switched' && switched.push(`${event.from} ${event.to}`) })
  await world.clock.pass(8000)
  expect(tab.client.connection.get()).toMatchObject({ transport: 'sse' })
  device.network.faults.sockets = 'fine'
  const other = world.device().open()
  const states: string[] = []
  tab.client.connection.subscribe(() => states.push(tab.client.connection.get().name))
  for (let i = 0; i < 60; i++) {
    other.client.createNote({ content: `${i}` })
    await world.clock.pass(5000)
  }
  expect(tab.client.connection.get()).toMatchObject({ transport: 'websocket' })
  expect(switched).toEqual(['sse websocket'])
  expect(new Set(states)).toEqual(new Set(['connected'])) // it was never without
  expect(tab.client.notes.get()).toHaveLength(60)
})

test('what worked is remembered for the network, and begun with after a reload', async () => {
  const world = new World()
  const device = world.device({ sockets: 'mute' })
  const tab = device.open()
  await world.clock.pass(20_000)
  device.crash(tab)
  const again = device.open()
  await world.clock.pass(1000)
  expect(again.client.connection.get()).toMatchObject({ name: 'connected', transport: 'sse' })
})

test('another network is another matter', async () => {
  const world = new World()
  const device = world.device({ sockets: 'mute', kind: 'wifi' })
  const tab = device.open()
  await world.clock.pass(20_000)
  device.crash(tab)
  Object.assign(device.network.faults, { sockets: 'fine', kind: '4g' })
  const again = device.open()
  await world.clock.pass(1000)
  expect(again.client.connection.get()).toMatchObject({ transport: 'websocket' })
})

test('a server that restarts sends nobody down', async () => {
  const world = new World()
  const tab = world.device().open()
  await world.connected(tab)
  world.server.failing = () => ({ status: 502, body: 'bad gateway' })
  world.server.restart(false)
  await world.clock.pass(90_000)
  world.server.failing = () => undefined
  await world.clock.pass(60_000)
  expect(tab.client.connection.get()).toMatchObject({ name: 'connected', transport: 'websocket' })
})

test('a transport that was asked for is used alone, and auto chooses again', async () => {
  const world = new World()
  const tab = world.device().open()
  await world.connected(tab)
  tab.client.useTransport('poll')
  await world.clock.pass(2000)
  expect(tab.client.connection.get()).toMatchObject({ name: 'connected', transport: 'poll' })
  expect(tab.client.network.get()).toMatchObject({ chosen: 'poll', why: 'chosen by hand' })
  tab.client.useTransport('auto')
  await world.clock.pass(2000)
  expect(tab.client.connection.get()).toMatchObject({ name: 'connected', transport: 'websocket' })
  expect(tab.client.network.get().why).toBe('the best transport works')
})

test('a token that expires is replaced on the connection that is there, as soon as there is another one', async () => {
  const world = new World()
  for (const transport of ['websocket', 'sse'] as const) {
    const device = world.device()
    let token = 'ada'
    const tab = device.open({ transports: [transport], token: () => token, account: () => 'ada' })
    await world.connected(tab)
    const requests = device.network.requests.length
    const asked = () => device.network.requests.slice(requests).filter(each => each.endsWith('auth'))
    const [stream] = [...world.server.streams].slice(-1)
    stream?.send({ type: 'token_expiring', connectionId: stream.connectionId, expiresAt: world.clock.now() + 60_000, inMs: 60_000 })
    await world.clock.pass(12_000)
    expect(asked()).toEqual([]) // the same one again would say nothing
    token = 'ada2'
    await world.clock.pass(12_000)
    expect(asked()).toEqual([expect.stringMatching(transport === 'websocket' ? 'ws auth' : /^\/api\/connections\/c\d+\/auth$/)])
    expect(tab.client.connection.get()).toMatchObject({ name: 'connected', transport })
  }
})

test('a token that is refused is not shown again: the client waits for another one', async () => {
  const world = new World()
  const device = world.device()
  world.server.failing = path => (path === '/api/events' && device.user === 'ada' ? { status: 401, body: { error: { code: 'unauthenticated', message: 'expired' } } } : undefined)
  let token = 'ada'
  const tab = device.open({ transports: ['sse'], token: () => token, account: () => 'ada' })
  await world.clock.pass(300_000)
  expect(tab.client.connection.get()).toMatchObject({ name: 'needs-auth', reason: { action: 'sign-in' } })
  expect(device.network.requests.filter(each => each === '/api/events')).toHaveLength(1)
  world.server.failing = () => undefined
  token = 'ada2'
  await world.clock.pass(40_000)
  expect(tab.client.connection.get()).toMatchObject({ name: 'connected' })
})

test('what the probe brings says how much is held back', () => {
  const sent = [0, 1024, 4096, 16_384, 65_536, 65_600]
  const events = (came: number[]) => sent.map((bytes, i) => ({ sent: bytes, at: 1000 + 100 * i, came: came[i] ?? 0 }))
  expect(heldBack(events([10, 110, 210, 310, 410, 510]), 100)).toBe(0)
  expect(heldBack(events([50, 110, 225, 310, 450, 510]), 100)).toBe(0) // a network that is not even
  expect(heldBack(events([210, 210, 210, 310, 410, 510]), 100)).toBe(4096)
  expect(heldBack(events([510, 510, 510, 510, 510, 510]), 100)).toBe(Infinity)
  expect(heldBack([], 100)).toBe(Infinity)
})
