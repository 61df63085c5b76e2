// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { RefusedEdits } from '../../react/index.js'
import { superseded, writtenIn } from '../../react/components/written.js'
import { problem, type Client, type Mutation, type OutboxItem } from '../../src/index.js'
import { accessible } from './axe.js'
import { Real, show, until } from './real.js'

const real = new Real()

const alert = () => screen.queryByRole('alert')?.textContent ?? ''
const buttons = () => screen.queryAllByRole('button').map((button) => button.textContent)
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const text = (client: Client, noteId: string) => client.note(noteId).get()?.content

/** A note of one, that a second may write in who is offline. */
async function shared(name: string) {
  const [ada, ben] = [real.open(`ada_${name}`), real.open(`ben_${name}`)]
  const { noteId, done } = ada.createNote({ title: 'Plan', content: 'milk\n' })
  await done
  const role = (role: 'read' | 'write') => ada.shareNote(noteId, { members: [{ userId: `ben_${name}`, role }] }).done
  await role('write')
  await until(() => ben.note(noteId).get() !== undefined)
  ben.goOffline()
  await until(() => ben.connection.get().name === 'offline')
  return { ada, ben, noteId, role }
}

test('what somebody wrote who may only read by now goes into a new note, with all that waited behind it', async () => {
  const { ben, noteId, role } = await shared('copies')
  ben.editNote(noteId, { content: 'milk, bread\n' })
  ben.editNote(noteId, { content: 'milk, bread, eggs\n' })
  ben.organise(noteId, { starred: true }) // readers may
  await role('read')
  const opened: string[] = []
  const { container } = show(ben, <RefusedEdits noteId={noteId} onOpen={(id) => opened.push(id)} />)
  expect(container.textContent).toBe('')
  ben.goOnline()
  await until(() => alert() !== '')
  expect(alert()).toContain(`${problem('forbidden').sentence} Your edit was not saved. Your text is kept here`)
  expect(alert()).toContain('2 later edits wait for it.')
  expect(buttons()).toEqual(['Copy into a new note', 'Discard'])
  await accessible(container)
  press('Copy into a new note')
  expect(opened).toHaveLength(1)
  expect(ben.note(opened[0]!).get()).toMatchObject({ title: 'Plan', content: 'milk, bread, eggs\n' })
  await until(() => ben.outbox.get().unsynced === 0 && alert() === '')
  expect(ben.note(noteId).get()).toMatchObject({ content: 'milk\n', starred: true })
  expect(ben.notes.get()).toHaveLength(2)
}, 30_000)

test('who may write again can send it again', async () => {
  const { ada, ben, noteId, role } = await shared('again')
  ben.editNote(noteId, { content: 'milk, bread\n' })
  await role('read')
  show(ben, <RefusedEdits noteId={noteId} />)
  ben.goOnline()
  await until(() => alert() !== '')
  await role('write')
  await until(() => buttons().includes('Try again'))
  press('Try again')
  await until(() => text(ada, noteId) === 'milk, bread\n' && alert() === '')
}, 30_000)

test('of a note that is gone the text is rescued', async () => {
  const { ada, ben, noteId } = await shared('rescues')
  ben.editNote(noteId, { content: 'milk, bread\n' })
  ben.editNote(noteId, { content: 'milk, bread, eggs\n' })
  await ada.shareNote(noteId, { remove: ['ben_rescues'] }).done
  const { container } = show(ben, <RefusedEdits />)
  ben.goOnline()
  await until(() => alert() !== '' && ben.note(noteId).get() === undefined)
  await accessible(container)
  press('Copy into a new note')
  await until(() => ben.outbox.get().unsynced === 0 && alert() === '')
  expect(ben.notes.get()).toMatchObject([{ title: 'Rescued text', content: 'milk, bread, eggs\n' }])
}, 30_000)

test('of all edits each is named; folders have them, too', async () => {
  const client = real.open('user_folders')
  const { noteId, done } = client.createFolder({ name: 'Work' })
  await done
  const { container } = show(client, <RefusedEdits />)
  client.updateFolder(noteId, { name: 'Home', parentId: noteId })
  await until(() => alert() !== '')
  expect(alert()).toContain(`Home: ${problem('invalid').sentence} The folder was not changed.`)
  expect(buttons()).toEqual(['Try again', 'Discard'])
  await accessible(container)
  press('Discard')
  await until(() => alert() === '' && client.folders.get()[0]?.name === 'Work')
}, 30_000)

test('what was made right since is sent in its place', async () => {
  const client = real.open('user_right')
  const { noteId, done } = client.createNote({ title: 'Plan' })
  await done
  show(client, <RefusedEdits noteId={noteId} />)
  client.editNote(noteId, { title: 'x'.repeat(501) })
  await until(() => alert() !== '')
  client.editNote(noteId, { title: 'Shorter' })
  await until(() => alert().includes('1 later edit waits for it.'))
  press('Try again')
  await until(() => alert() === '' && client.outbox.get().unsynced === 0)
  expect(client.note(noteId).get()).toMatchObject({ title: 'Shorter', version: 2 })
}, 30_000)

test('between two sides that cannot be merged one is chosen', async () => {
  const [one, two] = [real.open('user_chooses'), real.open('user_chooses')]
  const { noteId, done } = one.createNote({ encryptedContent: 'aaaa' })
  await done
  await until(() => two.note(noteId).get() !== undefined)
  const cipher = (client: Client) => client.note(noteId).get()?.encryptedContent
  show(two, <RefusedEdits noteId={noteId} />)
  const clash = async (mine: string, theirs: string) => {
    two.goOffline()
    await until(() => two.connection.get().name === 'offline')
    two.editNote(noteId, { encryptedContent: mine })
    await one.editNote(noteId, { encryptedContent: theirs }).done
    two.goOnline()
    await until(() => alert() !== '')
    expect(buttons()).toEqual(['Keep mine', 'Copy into a new note', 'Take theirs'])
  }
  await clash('bbbb', 'cccc')
  press('Take theirs')
  await until(() => alert() === '' && cipher(two) === 'cccc')
  await clash('dddd', 'eeee')
  press('Keep mine')
  await until(() => alert() === '' && cipher(one) === 'dddd')
}, 30_000)

const items = (...mutations: Partial<Mutation>[]) => mutations.map((mutation) => ({ mutation, status: 'queued', attempts: 0, createdAt: 0 }) as OutboxItem)

test('what is rescued is what was written last, also behind the edit that was refused', () => {
  expect(writtenIn(items({ op: 'edit', changes: { title: 'T', content: 'a' } }, { op: 'edit', changes: { content: 'ab' } }))).toEqual({ title: 'T', content: 'ab' })
  expect(writtenIn(items({ op: 'create', note: { blob: { done: false } } }, { op: 'edit', changes: { blob: { done: true } } }))).toEqual({ blob: { done: true } })
  expect(writtenIn(items({ op: 'trash' }, { op: 'edit', changes: { starred: true } }))).toBeUndefined()
})

test('an edit is superseded when later ones set all that it set', () => {
  const [edit, ...later] = items({ op: 'edit', changes: { title: 'T', content: 'a' } }, { op: 'edit', changes: { content: 'b' } }, { op: 'edit', changes: { title: 'U' } })
  expect(superseded(edit!, later)).toBe(true)
  expect(superseded(edit!, later.slice(1))).toBe(false)
  const [tagged, next] = items({ op: 'edit', changes: { content: 'a', addTags: ['x'] } }, { op: 'edit', changes: { content: 'b' } })
  expect(superseded(tagged!, [next!])).toBe(false)
})
