// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { debugs, redact, WebSocketService } from '../../compat/index.js'
import { World } from '../sim/world.js'

let logged: unknown[][] = []

beforeEach(() => {
  logged = []
  vi.spyOn(console, 'debug').mockImplementation((...words: unknown[]) => void logged.push(words))
})
afterEach(() => {
  vi.restoreAllMocks()
  localStorage.clear()
})

const secret = 'my diary'

/** A service that signs in, writes, and hears of another device's writing. */
async function session(): Promise<void> {
  const world = new World()
  const device = world.device()
  const other = world.device().open()
  const tab = device.open({ token: () => 'ada' })
  const service = new WebSocketService({ client: tab.client })
  service.authenticate('token-of-ada')
  service.connect()
  await world.connected(tab, other)
  service.sendNoteCreated({ id: 'n1', title: secret, content: secret, tags: [secret], blob: { secret } })
  service.sendFolderCreated({ id: 'f1', name: secret })
  await world.clock.pass(2000)
  service.sendNoteUpdate('n1', { content: `${secret}!` })
  other.client.createNote({ title: secret, content: secret, tags: [secret] })
  other.client.createFolder({ name: secret })
  await world.clock.pass(2000)
}

test('nothing is logged unless localStorage.debug asks for it', async () => {
  await session()
  expect(logged).toEqual([])
  localStorage.setItem('debug', 'other:*')
  expect(debugs('send')).toBe(false)
})

test('websocket:* logs what happens, without tokens and texts', async () => {
  localStorage.setItem('debug', 'websocket:*')
  await session()
  const parts = new Set(logged.map(([part]) => part))
  expect([...parts].sort()).toEqual(['websocket:auth', 'websocket:connection', 'websocket:receive', 'websocket:send'])
  expect(logged.map(words => words[1])).toEqual(expect.arrayContaining(['connect', 'authenticated', 'note_created', 'note_update', 'folder_created', 'note_created_sync', 'folder_created_sync']))
  const all = JSON.stringify(logged)
  expect(all).not.toContain(secret)
  expect(all).not.toContain('token-of-ada')
  expect(all).toContain('[8 characters]')
})

test('one part alone can be asked for', async () => {
  localStorage.setItem('debug', 'websocket:send')
  await session()
  expect(new Set(logged.map(([part]) => part))).toEqual(new Set(['websocket:send']))
})

test('redact', () => {
  expect(redact({ type: 'auth', token: 'abc', note: { id: 'n', title: 'Diary', content: '', blob: { a: 1 }, iv: 'x', salt: null, tags: ['a'] } })).toEqual({
    type: 'auth', token: '[redacted]', note: { id: 'n', title: '[5 characters]', content: '[0 characters]', blob: '[object]', iv: '[redacted]', salt: null, tags: '[object]' },
  })
  expect(redact({ type: 'presence', noteId: 'n', data: { name: 'Ada' } })).toEqual({ type: 'presence', noteId: 'n', data: '[data]' })
  expect(redact({ type: 'update', data: { id: 'n', version: 2, content: 'x' } })).toEqual({ type: 'update', data: { id: 'n', version: 2, content: '[1 characters]' } })
  expect(redact([{ raw: 'whole frame' }])).toEqual([{ raw: '[11 characters]' }])
})
