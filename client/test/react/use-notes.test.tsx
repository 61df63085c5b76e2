// @vitest-environment happy-dom
import { act } from '@testing-library/react'
import { expect, test } from 'vitest'
import { useNotes } from '../../react/index.js'
import { probe, Stage } from './stage.js'

test('notes are created, updated and deleted, and selected', async () => {
  const stage = new Stage()
  const { Probe, last } = probe(() => useNotes())
  stage.render(<Probe />)
  await stage.connected()
  let id = ''
  const made = last().createNote({ title: 'Plan', content: 'a' }).then(note => (id = note.id))
  await stage.pass(2000)
  await made
  expect(last().notes).toMatchObject([{ id, title: 'Plan', content: 'a', saved: 'saved', pending: false }])
  act(() => last().selectNote(id))
  expect(last().selectedNote).toBe(last().notes[0])
  void last().updateNote(id, { content: 'b' })
  await stage.pass(10)
  expect(last().selectedNote).toMatchObject({ content: 'b', saved: 'saving', title: 'Plan' })
  await stage.pass(2000)
  expect(last().selectedNote).toMatchObject({ content: 'b', saved: 'saved' })
  void last().deleteNote(id)
  await stage.pass(2000)
  expect(last()).toMatchObject({ notes: [], trash: [{ id }], selectedNote: null })
  expect(stage.world.server.notes('ada', true)).toMatchObject([{ id, content: 'b' }])
})

test('all of it works offline, and arrives', async () => {
  const stage = new Stage()
  const { Probe, last } = probe(() => useNotes())
  stage.render(<Probe />)
  await stage.connected()
  const kept = await stage.note({ content: 'kept' })
  const gone = await stage.note({ content: 'gone' })
  stage.device.network.setOnline(false)
  const done = Promise.all([last().createNote({ content: 'offline' }), last().updateNote(kept, { title: 'Title' }), last().deleteNote(gone)])
  await stage.pass(1000)
  const [note] = await done
  expect(note).toMatchObject({ content: 'offline', saved: 'offline', pending: true })
  expect(last().notes.map(each => [each.content, each.title])).toEqual(expect.arrayContaining([['offline', null], ['kept', 'Title']]))
  expect(last().notes).toHaveLength(2)
  stage.device.network.setOnline(true)
  await stage.pass(5000)
  expect(stage.world.server.note(note.id, 'ada')?.content).toBe('offline')
  expect(stage.world.server.note(kept, 'ada')).toMatchObject({ content: 'kept', title: 'Title' })
  expect(stage.world.server.note(gone, 'ada')?.deleted).toBe(true)
  expect(last().notes.every(each => each.saved === 'saved')).toBe(true)
})

test('selecting a note joins it, and leaves the one before', async () => {
  const stage = new Stage()
  const { Probe, last } = probe(() => useNotes())
  stage.render(<Probe />)
  await stage.connected()
  const [one, two] = [await stage.note(), await stage.note()]
  const joins = () => stage.device.network.requests.filter(each => each === 'ws join_note' || each === 'ws leave_note')
  act(() => last().selectNote(one))
  await stage.pass(1000)
  expect(joins()).toEqual(['ws join_note'])
  expect(last().webSocket.joinedNotes).toEqual([one])
  act(() => last().selectNote(two))
  await stage.pass(1000)
  expect(joins().sort()).toEqual(['ws join_note', 'ws join_note', 'ws leave_note'])
  expect(last().webSocket.joinedNotes).toEqual([two])
  stage.client.trashNote(two)
  await stage.pass(2000)
  expect(last().selectedNote).toBeNull()
  expect(last().webSocket.joinedNotes).toEqual([])
})

test('a device that stores nothing sends edits nevertheless', async () => {
  const broken = () => Promise.reject(new Error('no storage'))
  const stage = new Stage({ storage: { read: broken, write: broken, fence: broken } })
  const { Probe, last } = probe(() => useNotes())
  stage.render(<Probe />)
  await stage.connected()
  const made = last().createNote({ content: 'a' })
  await stage.pass(3000)
  const { id } = await made
  const edited = last().updateNote(id, { content: 'b' })
  await stage.pass(3000)
  await edited
  expect(stage.world.server.note(id, 'ada')?.content).toBe('b')
})
