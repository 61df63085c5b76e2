// @vitest-environment happy-dom
import { act } from '@testing-library/react'
import { useState } from 'react'
import { expect, test } from 'vitest'
import { useWebSocket } from '../../react/index.js'
import { probe, Stage } from './stage.js'

test('it says what the connection is, and sends what it is told', async () => {
  const stage = new Stage()
  const { Probe, last } = probe(() => useWebSocket())
  stage.render(<Probe />)
  await stage.pass(20)
  expect(last()).toMatchObject({ status: 'connecting', isConnected: false, isAuthenticated: false, userId: null, error: null, lastSync: null, joinedNotes: [], reconnectAttempts: 0 })
  await stage.connected()
  expect(last()).toMatchObject({ status: 'authenticated', isConnected: true, isAuthenticated: true, userId: 'ada', error: null })
  act(() => last().sendNoteCreated({ id: 'n1', title: 'Plan', content: 'a' }))
  await stage.pass(1000)
  act(() => last().sendNoteUpdate('n1', { content: 'b' }))
  act(() => last().sendFolderCreated({ id: 'f1', name: 'Work' }))
  await stage.pass(2000)
  expect(stage.world.server.note('n1', 'ada')).toMatchObject({ title: 'Plan', content: 'b' })
  act(() => last().sendFolderUpdated('f1', { name: 'Home' }))
  await stage.pass(2000)
  expect(stage.world.server.folders('ada')).toMatchObject([{ name: 'Home' }])
  act(() => last().sendNoteDeleted('n1'))
  act(() => last().sendFolderDeleted('f1'))
  await stage.pass(2000)
  expect(stage.world.server.notes('ada', true)).toMatchObject([{ id: 'n1' }])
  expect(stage.world.server.folders('ada')).toEqual([])
  act(() => last().disconnect())
  await stage.pass(1000)
  expect(last()).toMatchObject({ status: 'disconnected', isConnected: false })
  act(() => last().connect())
  await stage.connected()
  expect(last().status).toBe('authenticated')
  act(() => last().reconnect())
  await stage.pass(5000)
  expect(last().status).toBe('authenticated')
  expect(stage.count('ws auth')).toBe(3)
})

test('T9: what is sent while there is no connection is sent later', async () => {
  const stage = new Stage()
  await stage.connected()
  stage.device.network.setOnline(false)
  const { Probe, last } = probe(() => useWebSocket())
  stage.render(<Probe />)
  await stage.pass(100)
  expect(last()).toMatchObject({ status: 'disconnected', error: 'You are offline. Changes are kept on this device.' })
  act(() => last().sendNoteCreated({ id: 'n1', content: 'offline' }))
  act(() => last().disconnect())
  act(() => last().connect())
  await stage.pass(1000)
  stage.device.network.setOnline(true)
  await stage.pass(5000)
  expect(stage.world.server.note('n1', 'ada')?.content).toBe('offline')
})

test('callbacks may be new at each render, and two components have each their own', async () => {
  const stage = new Stage()
  const other = stage.world.device().open()
  const heard: string[] = []
  const Say = ({ name, word }: { name: string; word: string }) => {
    useWebSocket({
      onConnect: () => heard.push(`${name} connected`), onAuthenticated: id => heard.push(`${name} is ${id}`), onDisconnect: () => heard.push(`${name} disconnected`),
      onNoteCreatedSync: message => heard.push(`${name} ${word} ${message.noteData.content}`),
    })
    return null
  }
  let say: (word: string) => void = () => {}
  const Page = () => {
    const [word, setWord] = useState('first')
    say = setWord
    return <><Say name="A" word={word} /><Say name="B" word={word} /></>
  }
  stage.render(<Page />)
  await stage.connected()
  expect(heard.splice(0)).toEqual(['A connected', 'A is ada', 'B connected', 'B is ada'])
  other.client.createNote({ content: 'x' })
  await stage.pass(2000)
  expect(heard.splice(0)).toEqual(['A first x', 'B first x'])
  act(() => say('second'))
  other.client.createNote({ content: 'y' })
  await stage.pass(2000)
  expect(heard.splice(0)).toEqual(['A second y', 'B second y'])
  stage.device.network.cut()
  await stage.pass(10)
  expect(heard.splice(0)).toEqual(['A disconnected', 'B disconnected'])
  await stage.pass(30_000)
  expect(heard).toEqual(['A connected', 'A is ada', 'B connected', 'B is ada'])
})

test('T19: who is unmounted hears nothing more', async () => {
  const stage = new Stage()
  const other = stage.world.device().open()
  const heard: string[] = []
  const Hear = ({ name }: { name: string }) => {
    useWebSocket({ onNoteCreatedSync: () => heard.push(name), onDisconnect: () => heard.push(`${name} disconnected`) })
    return null
  }
  const page = stage.render(<><Hear name="A" key="a" /><Hear name="B" key="b" /></>)
  await stage.connected()
  page.rerender(<><Hear name="B" key="b" /></>)
  other.client.createNote({ content: 'x' })
  await stage.pass(2000)
  expect(heard.splice(0)).toEqual(['B'])
  page.unmount()
  other.client.createNote({ content: 'y' })
  stage.device.network.cut()
  await stage.pass(5000)
  expect(heard).toEqual([])
})

test('lastSync is when something came from elsewhere, also for a component that is mounted later', async () => {
  const stage = new Stage()
  const other = stage.world.device().open()
  const [early, late] = [probe(() => useWebSocket()), probe(() => useWebSocket())]
  const page = stage.render(<early.Probe />)
  await stage.connected()
  expect(early.last().lastSync).toBeNull()
  other.client.createNote({ content: 'x' })
  await stage.pass(2000)
  const { lastSync } = early.last()
  expect(lastSync).toEqual(expect.any(Number))
  page.rerender(<><early.Probe /><late.Probe /></>)
  expect(late.last().getConnectionInfo()).toEqual({ status: 'authenticated', isConnected: true, isAuthenticated: true, lastSync, joinedNotes: 0 })
})

test('T10: joined notes are joined once, again after an abnormal close, and left on unmount', async () => {
  const stage = new Stage()
  await stage.connected()
  const [one, two] = [await stage.note(), await stage.note()]
  const { Probe, last } = probe(() => useWebSocket())
  const page = stage.render(<Probe />)
  act(() => last().joinNote(one))
  act(() => last().joinNote(one))
  act(() => last().joinNote(two))
  await stage.pass(1000)
  expect(last().joinedNotes).toEqual([one, two])
  expect(stage.count('ws join_note')).toBe(2)
  stage.device.network.cut()
  await stage.pass(30_000)
  expect(last().status).toBe('authenticated')
  expect(stage.count('ws join_note')).toBe(4)
  expect(last().joinedNotes).toEqual([one, two])
  act(() => last().leaveNote(one))
  await stage.pass(1000)
  expect(last().joinedNotes).toEqual([two])
  expect(stage.count('ws leave_note')).toBe(1)
  page.unmount()
  await stage.pass(1000)
  expect(stage.count('ws leave_note')).toBe(2)
})

test('T11: one auth for each connection, however many components there are', async () => {
  const stage = new Stage()
  const Use = () => {
    useWebSocket()
    return null
  }
  stage.render(<><Use /><Use /><Use /></>)
  await stage.connected()
  await stage.pass(5000)
  expect(stage.count('ws auth')).toBe(1)
  stage.device.network.cut()
  await stage.pass(30_000)
  expect(stage.count('ws auth')).toBe(2)
})

test('T18: attempts are counted for as long as it takes, and start anew once it is back', async () => {
  const stage = new Stage()
  const { Probe, last, answers } = probe(() => useWebSocket())
  stage.render(<Probe />)
  await stage.connected()
  await stage.pass(20_000)
  stage.world.server.failing = () => ({ status: 503, body: 'no' })
  stage.device.network.cut()
  for (let minute = 0; minute < 10; minute++) await stage.pass(60_000) // React takes at most 50 changes in one act
  expect(last()).toMatchObject({ status: 'reconnecting', isConnected: false })
  expect(last().reconnectAttempts).toBeGreaterThan(10)
  expect(answers.some(answer => answer.error !== null)).toBe(true)
  stage.world.server.failing = () => undefined
  await stage.pass(120_000)
  expect(last()).toMatchObject({ status: 'authenticated', reconnectAttempts: 0, error: null })
})

test('an error is a sentence, told once, and can be cleared', async () => {
  const stage = new Stage({ token: () => null })
  const heard: unknown[] = []
  const { Probe, last } = probe(() => useWebSocket({ onError: error => heard.push(error) }))
  stage.render(<Probe />)
  await stage.pass(5000)
  expect(last()).toMatchObject({ status: 'error', error: 'Please sign in again.' })
  expect(heard).toEqual([{ message: 'Please sign in again.', code: 'AUTH_FAILED' }])
  act(() => last().clearError())
  expect(last().error).toBeNull()
})

test('a refused edit tells of itself; one’s own edits are no sync, and their success is told', async () => {
  const stage = new Stage()
  const heard: string[] = []
  const { Probe, last } = probe(() => useWebSocket({
    onError: ({ message, code }) => heard.push(`${code}: ${message}`), onNoteSync: () => heard.push('sync'), onNoteCreatedSync: () => heard.push('created'),
    onNoteUpdateSuccess: message => heard.push(`${message.type} ${message.updatedNote?.content}`),
  }))
  stage.render(<Probe />)
  await stage.connected()
  act(() => last().sendNoteCreated({ id: 'n1', content: 'a' }))
  await stage.pass(2000)
  act(() => last().sendNoteUpdate('n1', { content: 'b' }))
  await stage.pass(2000)
  expect(heard.splice(0)).toEqual(['note_update_success b'])
  expect(last().lastSync).toBeNull()
  act(() => last().sendNoteUpdate('none-of-these', { content: 'x' }))
  await stage.pass(2000)
  expect(heard).toEqual(['not_found: This note is no longer there.'])
  expect(last().error).toBe('This note is no longer there.')
  act(() => last().clearError())
  expect(last().error).toBeNull()
})
