import { afterEach, expect, test, vi } from 'vitest'
import { lazy } from '../../src/lazy.js'
import { parts } from '../../src/parts.js'
import { NotewireError, problem } from '../../src/protocol/errors.js'
import { World } from '../sim/world.js'

afterEach(() => vi.restoreAllMocks())

const gone = () => Promise.reject(new NotewireError(problem('network', 'failed to fetch dynamically imported module')))

test('code is loaded once for all who ask, and again after it could not be', async () => {
  let asked = 0
  const load = lazy(async () => {
    if (++asked === 1) throw new Error('no network')
    return asked
  })
  await expect(Promise.all([load(), load()])).rejects.toThrow('no network')
  expect(await Promise.all([load(), load()])).toEqual([2, 2])
  expect(await load()).toBe(2)
})

test('without the code of connecting, notes are read and edited, and it connects when that can be loaded', async () => {
  const world = new World()
  const device = world.device()
  const blocked = vi.spyOn(parts, 'network').mockImplementation(gone)
  const { client } = device.open()
  await world.clock.pass(5000)
  expect(client.connection.get()).toMatchObject({ name: 'waiting', reason: { code: 'network' } })
  const { stored, done } = client.createNote({ content: 'x' })
  await world.clock.pass(1000)
  await stored
  expect(client.notes.get()).toMatchObject([{ content: 'x', saved: 'offline' }])
  expect(blocked.mock.calls.length).toBeGreaterThan(2)
  blocked.mockRestore()
  await world.clock.pass(40_000)
  await done
  expect(client.connection.get()).toMatchObject({ name: 'connected' })
})

test('waiting for code ends at once when it is reconnected, or closed', async () => {
  const world = new World()
  const blocked = vi.spyOn(parts, 'network').mockImplementation(gone)
  const { client } = world.device().open()
  await world.clock.pass(100_000)
  blocked.mockRestore()
  client.reconnect()
  await world.clock.pass(500)
  expect(client.connection.get()).toMatchObject({ name: 'connected' })
  await Promise.all([client.close(), world.clock.pass(1000)])
  vi.spyOn(parts, 'network').mockImplementation(gone)
  const other = world.device().open().client
  await world.clock.pass(100_000)
  await Promise.all([other.close(), world.clock.pass(1000)])
  expect(other.connection.get()).toEqual({ name: 'idle' })
  await world.clock.pass(60_000)
  expect(other.connection.get()).toEqual({ name: 'idle' })
})

test('a fallback that cannot be loaded is tried again, and so is what is better', async () => {
  const world = new World()
  const blocked = vi.spyOn(parts, 'fallbacks').mockImplementation(gone)
  const device = world.device({ sockets: 'none' })
  const { client } = device.open()
  await world.clock.pass(60_000)
  expect(client.connection.get().name).not.toBe('connected')
  blocked.mockRestore()
  await world.clock.pass(40_000)
  expect(client.connection.get()).toMatchObject({ name: 'connected', transport: 'sse' })
})

test('once connected, what it could fall back to is loaded before it is needed', async () => {
  const world = new World()
  const loaded = vi.spyOn(parts, 'fallbacks')
  const tab = world.device().open()
  await world.connected(tab)
  expect(loaded).not.toHaveBeenCalled()
  await world.clock.pass(10_000)
  expect(loaded).toHaveBeenCalledTimes(1)
})
