// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { mayWrite } from '../../react/components/may-write.js'
import { ConflictView, VersionHistory } from '../../react/index.js'
import { problem } from '../../src/index.js'
import { accessible } from './axe.js'
import { Real, show, until } from './real.js'

const real = new Real()

test('ConflictView shows both sides of one place, and takes the one that is chosen', async () => {
  const [one, two] = [real.open('user_conflict'), real.open('user_conflict')]
  const { container } = show(two, <ConflictView />)
  expect(container.textContent).toBe('')
  const clash = async () => {
    const { noteId, done } = one.createNote({ content: 'the cat sat\n' })
    await done
    await until(() => two.note(noteId).get() !== undefined)
    two.goOffline()
    await until(() => two.connection.get().name === 'offline')
    two.editNote(noteId, { content: 'the dog sat\n' })
    await one.editNote(noteId, { content: 'the cow sat\n' }).done
    two.goOnline()
    await until(() => screen.queryByRole('region', { name: 'The other version' }) !== null)
    return noteId
  }
  const text = (name: string) => screen.getByRole('region', { name }).querySelector('pre')?.textContent
  const kept = await clash()
  expect([text('In the note'), text('The other version')].sort()).toEqual(['the cow sat\n', 'the dog sat\n'])
  await accessible(container)
  const inNote = text('In the note')
  fireEvent.click(screen.getByRole('button', { name: 'Keep the note as it is' }))
  await until(() => container.textContent === '')
  expect(two.note(kept).get()?.content).toBe(inNote)

  const taken = await clash()
  const other = text('The other version')
  fireEvent.click(screen.getByRole('button', { name: 'Use the other version' }))
  await until(() => two.note(taken).get()?.content === other)
  await until(() => one.note(taken).get()?.content === other)
}, 40_000)

test('ConflictView marks whole words, and leaves the choice to those who may write', async () => {
  const [ada, ben, cleo] = [real.open('ada_marks'), real.open('ben_marks'), real.open('cleo_marks')]
  const { noteId, done } = ada.createNote({ content: 'Lunch: Monday noon\n' })
  await done
  const role = (userId: string, role: 'read' | 'write') => ada.shareNote(noteId, { members: [{ userId, role }] }).done
  await role('ben_marks', 'write')
  await role('cleo_marks', 'read')
  await until(() => [ben, cleo].every(client => client.note(noteId).get() !== undefined))
  const { container } = show(cleo, <ConflictView noteId={noteId} />)
  ben.goOffline()
  await until(() => ben.connection.get().name === 'offline')
  ben.editNote(noteId, { content: 'Lunch: Saturday morning\n' })
  await ada.editNote(noteId, { content: 'Lunch: Sunday evening\n' }).done
  ben.goOnline()
  await until(() => container.querySelectorAll('ins').length === 2)
  expect([...container.querySelectorAll('ins')].map(each => each.textContent).sort()).toEqual(['Saturday morning', 'Sunday evening'])
  expect(screen.getAllByRole('button').map(button => button.textContent)).toEqual(['Dismiss'])
  await accessible(container)
  await role('cleo_marks', 'write')
  await until(() => screen.queryByRole('button', { name: 'Use the other version' }) !== null)
}, 40_000)

test('who may write in a note', async () => {
  const client = real.open('user_may')
  const { noteId, done } = client.createNote()
  await done
  const note = { ...client.note(noteId).get()!, roles: { ben: 'write', cleo: 'read' } as const }
  const may = (userId: string | undefined) => mayWrite(note, userId, 0)
  expect(['user_may', 'ben', 'cleo', 'dan', 'constructor', undefined].map(may)).toEqual([true, true, false, false, false, false])
  expect(mayWrite({ ...note, roles: { ben: 'write' } }, undefined, 0)).toBe(true)
  const expiring = { ...note, expiresAt: 1000 }
  expect([999, 1000].map(now => mayWrite(expiring, 'user_may', now))).toEqual([true, false])
})

test('what is refused of a choice or a restoring is said', async () => {
  const [ada, ben] = [real.open('ada_refused'), real.open('ben_refused')]
  const { noteId, done } = ada.createNote({ content: 'one\n' })
  await done
  await ada.shareNote(noteId, { members: [{ userId: 'ben_refused', role: 'write' }] }).done
  await until(() => ben.note(noteId).get() !== undefined)
  ben.goOffline()
  await until(() => ben.connection.get().name === 'offline')
  ben.editNote(noteId, { content: 'two\n' })
  await ada.editNote(noteId, { content: 'three\n' }).done
  ben.goOnline()
  const { container } = show(ben, <><ConflictView /><VersionHistory noteId={noteId} groupMinutes={0} /></>)
  await until(() => screen.queryByRole('button', { name: 'Use the other version' }) !== null && screen.queryByRole('button', { name: /^v1/ }) !== null)
  ben.goOffline()
  await until(() => ben.connection.get().name === 'offline')
  fireEvent.click(screen.getByRole('button', { name: 'Use the other version' }))
  expect(screen.getByRole('button', { name: 'Keep the note as it is' }).hasAttribute('disabled')).toBe(true)
  fireEvent.click(screen.getByRole('button', { name: /^v1/ }))
  fireEvent.click(screen.getByRole('button', { name: 'Restore this version' }))
  fireEvent.click(screen.getByRole('button', { name: 'Restore v1' }))
  await ada.shareNote(noteId, { members: [{ userId: 'ben_refused', role: 'read' }] }).done
  ben.goOnline()
  const said = () => screen.queryAllByRole('alert').map(each => each.textContent)
  await until(() => said().length === 2)
  expect(said()).toEqual([problem('forbidden').sentence, problem('forbidden').sentence])
  expect(screen.getByRole('button', { name: 'Dismiss' }).hasAttribute('disabled')).toBe(false)
  await accessible(container)
}, 40_000)
