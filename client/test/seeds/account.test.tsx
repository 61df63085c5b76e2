// @vitest-environment happy-dom
// The examples of the first seed, as they are in blocks/, against the server itself.
import { act, fireEvent, render, screen } from '@testing-library/react'
import { StrictMode, type ReactNode } from 'react'
import { configureDefaultClient, useNotes } from 'notewire/react'
import { memory } from 'notewire'
import { WebSocket } from 'undici'
import { beforeAll, expect, test, vi } from 'vitest'
import { network, Real, until } from '../react/real.js'
import { messages as fromClient } from './blocks/client-messages.js'
import { Debug } from './blocks/debug.js'
import { messages as fromServer } from './blocks/server-messages.js'
import { StatusBar } from './blocks/status-compact.js'
import { MyApp } from './blocks/status.js'
import { MyComponent } from './blocks/use-notes.js'
import { CustomComponent } from './blocks/use-web-socket.js'

const real = new Real()
const user = 'user_seed'
const show = (ui: ReactNode) => render(<StrictMode>{ui}</StrictMode>)

beforeAll(() => {
  configureDefaultClient({ url: real.server.url, token: () => real.server.token(user), ...memory(), network: network(), transports: ['websocket'], editDebounceMs: 0 })
}, 120_000)

test('useNotes', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  show(<MyComponent />)
  await until(() => screen.queryByText('Status: authenticated') !== null)
  expect(log.mock.calls).toContainEqual(['Is authenticated:', true])
  log.mockRestore()
})

test('useWebSocket: what another device does is told', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  show(<CustomComponent />)
  expect(screen.getByText('Custom WebSocket Component')).toBeTruthy()
  await until(() => log.mock.calls.some(([words]) => words === 'WebSocket authenticated for user:'))
  const other = real.open(user)
  const { noteId, done } = other.createNote({ title: 'From elsewhere' })
  await done
  await until(() => log.mock.calls.some(([words]) => words === 'New note created on another device:'))
  await other.editNote(noteId, { title: 'Changed' }).done
  await until(() => log.mock.calls.some(([words, id]) => words === 'Note synced from another device:' && id === noteId))
  log.mockRestore()
})

test('WebSocketStatus and WebSocketStatusCompact', async () => {
  show(<><MyApp /><StatusBar /></>)
  await until(() => screen.queryAllByText('Connected').length === 2)
  fireEvent.click(screen.getByRole('button', { name: 'Connected' }))
  fireEvent.click(screen.getByRole('button', { name: 'Reconnect' }))
  await until(() => screen.queryAllByText('Connected').length === 2)
})

test('detailed logging', () => {
  show(<Debug />)
  expect(localStorage.getItem('debug')).toBe('websocket:*')
  localStorage.clear()
})

test('the messages of the client are answered with those of the server', async () => {
  const { noteId, done } = real.open(user).createNote({ title: 'Old title' })
  await done
  const token = await real.server.token(user)
  const seen = new Set<string>()
  const open = (ready: (socket: WebSocket, type: string) => void) => {
    const socket = new WebSocket(real.server.url.replace('http', 'ws'))
    socket.onmessage = ({ data }) => {
      const { type } = JSON.parse(String(data)) as { type: string }
      seen.add(type)
      ready(socket, type)
    }
    return socket
  }
  const send = (socket: WebSocket, message: (typeof fromClient)[number]) => {
    const id = message.type === 'note_created' ? 'seed-note' : noteId
    socket.send(JSON.stringify(message).replace('clerk_jwt_token_here', token).replaceAll('"uuid"', JSON.stringify(id)))
  }
  const [auth, ...rest] = fromClient
  const sockets = [open((other, type) => {
    if (type === 'connection_established') send(other, auth!)
    if (type !== 'auth_success') return
    sockets.push(open((socket, type) => { // once the other one hears
      if (type === 'connection_established') send(socket, auth!)
      if (type === 'auth_success') for (const message of rest) send(socket, message)
    }))
  })]
  const answers = ['auth_success', 'note_joined', 'note_left', 'note_update_success', 'note_sync', 'note_created_sync', 'note_deleted_sync']
  await until(() => answers.every(type => seen.has(type)))
  expect(fromServer.map(({ type }) => type)).toEqual(expect.arrayContaining(answers))
  for (const socket of sockets) socket.close()
})

test('notes of the hook and of the messages are the same', async () => {
  let titles: (string | null)[] = []
  const Titles = () => {
    titles = useNotes().notes.map(({ title }) => title)
    return null
  }
  show(<Titles />)
  await until(() => titles.includes('New Note') && titles.includes('Changed'))
  await act(async () => {})
})
