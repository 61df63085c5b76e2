// @vitest-environment happy-dom
// The examples of the second seed, as they are in blocks/, against the server itself.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, screen } from '@testing-library/react'
import { httpBatchLink } from '@trpc/client'
import { useState, type ReactNode } from 'react'
import { fetch as realFetch, WebSocket } from 'undici'
import { expect, test, vi } from 'vitest'
import { Real, show, until } from '../react/real.js'
import type { Message } from './blocks/message.js'
import { useBoth } from './blocks/trpc-query.js'
import { useUpdate } from './blocks/trpc-update.js'
import { MyComponent } from './blocks/use-note-web-socket.js'
import { connect } from './blocks/web-socket.js'
import { trpc } from './trpc.js'

const real = new Real()

type FetchEsque = NonNullable<Parameters<typeof httpBatchLink>[0]['fetch']>

/** What tRPC's examples have around them. */
function Trpc({ user, children }: { user: string; children: ReactNode }) {
  const [queries] = useState(() => new QueryClient())
  const [client] = useState(() => trpc.createClient({
    links: [httpBatchLink({
      url: `${real.server.url}/api/v1`, fetch: realFetch as unknown as FetchEsque, headers: async () => ({ Authorization: `Bearer ${await real.server.token(user)}` }),
    })],
  }))
  return (
    <trpc.Provider client={client} queryClient={queries}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </trpc.Provider>
  )
}

test('useNoteWebSocket', async () => {
  const [page, other] = [real.open('user_hook'), real.open('user_hook')]
  const { noteId, done } = other.createNote({ title: 'Plan' })
  await done
  show(page, <MyComponent noteId={noteId} />)
  await until(() => screen.queryByText('Status: 🟢 Live') !== null && screen.queryByText('Title: Plan') !== null)
  expect(screen.getByText('Version: 1')).toBeTruthy()
  await other.editNote(noteId, { title: 'Changed' }).done
  await until(() => screen.queryByText('Title: Changed') !== null && screen.queryByText('Version: 2') !== null)
  page.goOffline()
  await until(() => screen.queryByText('Status: 🔴 Offline') !== null)
})

test('a mutation by tRPC comes over the connection', async () => {
  const user = 'user_trpc'
  const page = real.open(user)
  const { noteId, done } = page.createNote({ title: 'Plan', content: 'text', blob: { kept: true } })
  await done
  let shown: ReturnType<typeof useUpdate> | undefined
  const Update = () => {
    shown = useUpdate(noteId)
    return null
  }
  show(page, <Trpc user={user}><Update /></Trpc>)
  await until(() => shown?.note?.title === 'Plan')
  await act(async () => shown?.update())
  await until(() => shown?.note?.title === 'New Title')
  expect(shown?.note).toMatchObject({ version: 2, content: 'text', blob: { kept: true } }) // a title alone changes nothing else
})

test('a query by tRPC, and the live note beside it', async () => {
  const user = 'user_query'
  const [page, other] = [real.open(user), real.open(user)]
  const { noteId, done } = other.createNote({ title: 'Plan' })
  await done
  let shown: ReturnType<typeof useBoth> | undefined
  const Both = () => {
    shown = useBoth(noteId)
    return null
  }
  show(page, <Trpc user={user}><Both /></Trpc>)
  await until(() => shown?.data?.title === 'Plan' && shown.liveNote?.title === 'Plan')
  await other.editNote(noteId, { title: 'Live' }).done
  await until(() => shown?.liveNote?.title === 'Live')
  expect(shown?.data?.title).toBe('Plan')
})

test('a WebSocket of one note, and the form of its messages', async () => {
  const owner = real.open('user_socket')
  await owner.createNote({ id: 'my-note-id', title: 'Plan', blob: { a: 1 } }).done
  const heard: Message[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((type: Message['type'], data: Message['data']) => void heard.push({ type, data }))
  const token = await real.server.token('user_socket')
  class Here extends WebSocket {
    constructor(url: string) {
      super(url.replace('ws://localhost:8787', real.server.url.replace('http', 'ws')), { headers: { Authorization: `Bearer ${token}` } })
    }
  }
  const socket = connect(Here as unknown as typeof globalThis.WebSocket)
  await until(() => heard.length === 1)
  await owner.editNote('my-note-id', { title: 'Changed' }).done
  await until(() => heard.length === 2)
  await owner.revertNote('my-note-id', 1).done
  await until(() => heard.length === 3)
  socket.close()
  log.mockRestore()
  expect(heard.map(({ type, data }) => [type, data.version, data.title])).toEqual([['initial', 1, 'Plan'], ['update', 2, 'Changed'], ['revert', 3, 'Plan']])
  for (const { data } of heard) {
    expect(data).toMatchObject({ id: 'my-note-id', blob: { a: 1 }, createdAt: expect.any(Number), updatedAt: expect.any(Number), collaborators: [] })
  }
})
