// @vitest-environment happy-dom
import { act } from '@testing-library/react'
import { expect, test } from 'vitest'
import { useNoteWebSocket, usePresence } from '../../react/index.js'
import { network, Real, show, until } from './real.js'
import { probe } from './stage.js'

const real = new Real()

test('who shows something is seen, also by who shows nothing, until he goes', async () => {
  const [ada, also] = [real.open('user_room'), real.open('user_room')]
  const { noteId, done } = ada.createNote({ content: 'x' })
  await done
  const mine = { name: 'Ada' }
  const shown = probe(() => usePresence(noteId, mine))
  const watching = probe(() => usePresence(noteId))
  const page = show(ada, <shown.Probe />)
  show(also, <watching.Probe />)
  await until(() => watching.last().length === 1)
  expect(watching.last()[0]).toMatchObject({ userId: 'user_room', data: { name: 'Ada' } })
  expect(shown.last()).toEqual([])
  page.unmount()
  await until(() => watching.last().length === 0)
}, 30_000)

test('what is shown changes, and two parts of a page are one guest, who stays while one of them does', async () => {
  const [ada, also] = [real.open('user_parts'), real.open('user_parts')]
  const { noteId, done } = ada.createNote({ content: 'x' })
  await done
  const watching = probe(() => usePresence(noteId))
  show(also, <watching.Probe />)
  const Cursor = ({ at }: { at: { x: number } }) => {
    usePresence(noteId, at)
    return null
  }
  const Avatars = () => {
    usePresence(noteId)
    return null
  }
  const [one, two] = [{ x: 1 }, { x: 2 }]
  const page = show(ada, <><Cursor at={one} key="c" /><Avatars key="a" /></>)
  await until(() => (watching.last()[0]?.data as { x: number } | undefined)?.x === 1)
  page.rerender(<><Cursor at={two} key="c" /><Avatars key="a" /></>)
  await until(() => (watching.last()[0]?.data as { x: number } | undefined)?.x === 2)
  page.rerender(<><Cursor at={two} key="c" /></>)
  await act(() => new Promise(resolve => setTimeout(resolve, 100)))
  expect(watching.last()[0]?.data).toEqual({ x: 2 })
  page.rerender(<><Avatars key="a" /></>)
  await until(() => watching.last().length === 0)
}, 30_000)

test('useNoteWebSocket: one’s own note is live', async () => {
  const [one, two] = [real.open('user_live'), real.open('user_live')]
  const { noteId, done } = one.createNote({ title: 'Live', content: 'a' })
  await done
  const { Probe, last } = probe(() => useNoteWebSocket({ noteId }))
  show(two, <Probe />)
  await until(() => last().note?.content === 'a')
  expect(last()).toMatchObject({ connected: true, note: { id: noteId, title: 'Live', version: 1 } })
  one.editNote(noteId, { content: 'b' })
  await until(() => last().note?.content === 'b')
  expect(last().note?.version).toBe(2)
  two.goOffline()
  await until(() => !last().connected)
  expect(last().note?.content).toBe('b')
}, 30_000)

test('useNoteWebSocket: a public note of somebody else is found, is live, and is gone when it is private again', async () => {
  const [owner, guest] = [real.open('user_owner'), real.open('user_guest')]
  const { noteId, done } = owner.createNote({ content: 'a' })
  await done
  await owner.shareNote(noteId, { access: 'public' }).done
  const { Probe, last } = probe(() => useNoteWebSocket({ noteId }))
  show(guest, <Probe />)
  await until(() => last().note?.content === 'a')
  expect(guest.notes.get()).toEqual([])
  owner.editNote(noteId, { content: 'b' })
  await until(() => last().note?.content === 'b')
  await owner.shareNote(noteId, { access: 'private' }).done
  await until(() => last().note === null, 25_000)
}, 40_000)

test('useNoteWebSocket: a public note is followed again after a request that failed', async () => {
  const own = network()
  let failures = 0
  const owner = real.open('user_owner')
  const guest = real.open('user_shaky', {
    network: {
      ...own,
      fetch: (url, init) => {
        if (!String(url).includes('/changes?wait=0') || ++failures > 3) return own.fetch(url, init)
        return Promise.resolve(new Response('{"error":{"code":"rate_limited","message":"later","retryAfterMs":50}}', { status: 429 }))
      },
    },
  })
  const { noteId, done } = owner.createNote({ content: 'a' })
  await done
  await owner.shareNote(noteId, { access: 'public' }).done
  const { Probe, last } = probe(() => useNoteWebSocket({ noteId }))
  show(guest, <Probe />)
  await until(() => last().note?.content === 'a')
  expect(failures).toBeGreaterThan(3)
}, 30_000)

test('useNoteWebSocket: a note that is not there is null', async () => {
  const client = real.open('user_none')
  const { Probe, last } = probe(() => useNoteWebSocket({ noteId: 'none-of-these' }))
  show(client, <Probe />)
  await until(() => last().connected)
  await act(() => new Promise(resolve => setTimeout(resolve, 200)))
  expect(last().note).toBeNull()
}, 30_000)
