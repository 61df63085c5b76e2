import { expect, test } from 'vitest'
import { createClient, NotewireError } from '../../src/index.js'
import { World } from '../sim/world.js'

test('what is written before anybody is signed in is never out of sight, and its promise has the note', async () => {
  const world = new World()
  const device = world.device()
  let signedIn: (token: string) => void = () => {}
  const token = new Promise<string>(resolve => (signedIn = resolve))
  const tab = device.open({ token: () => token, account: () => 'ada' })
  const { noteId, done } = tab.client.createNote({ content: 'typed' })
  const seen: unknown[] = []
  const look = () => seen.push(tab.client.note(noteId).get()?.content)
  tab.client.notes.subscribe(look)
  const watch = async () => {
    for (let i = 0; i < 400; i++) {
      look()
      await Promise.resolve()
    }
  }
  const watching = watch()
  await world.clock.pass(1000)
  signedIn('ada')
  await Promise.all([watching, watch()])
  await world.clock.pass(3000)
  expect(new Set(seen)).toEqual(new Set(['typed']))
  expect(tab.client.connection.get()).toMatchObject({ name: 'connected', userId: 'ada' })
  expect(await done).toMatchObject({ id: noteId, content: 'typed', userId: 'ada' })
})

test('a provider that throws is a NotewireError, as everything that is asked for', async () => {
  const world = new World()
  const tab = world.device().open({ token: () => Promise.reject(new TypeError('no session')) })
  await expect(tab.client.counts()).rejects.toBeInstanceOf(NotewireError)
  await expect(tab.client.counts()).rejects.toMatchObject({ problem: { code: 'network', message: 'no session' } })
})

test('an address that is none is named', () => {
  for (const url of ['localhost:3000', 'ws://localhost:3000', 'http:///notes']) expect(() => createClient({ url })).toThrow(`not ${JSON.stringify(url)}`)
})

test('an address without a server is named, and asked again', async () => {
  const world = new World()
  world.server.failing = path => (path === '/api/negotiate' ? { status: 404, body: 'not found' } : undefined)
  const tab = world.device().open()
  await world.clock.pass(500)
  expect(tab.client.connection.get()).toMatchObject({ name: 'waiting', reason: { message: expect.stringContaining('there is no Notewire server at http://server') as string } })
})
