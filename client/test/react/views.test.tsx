// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { ConflictView, VersionHistory } from '../../react/index.js'
import { accessible } from './axe.js'
import { Real, show, until } from './real.js'

const real = new Real()

test('VersionHistory lists versions, shows what changed, and restores', async () => {
  const client = real.open('user_history')
  const { noteId, done } = client.createNote({ title: 'Plan', content: 'milk\n' })
  await done
  await client.editNote(noteId, { content: 'milk\nbread\n' }).done
  await client.editNote(noteId, { content: 'bread\n' }).done
  const restored: number[] = []
  const { container } = show(client, <VersionHistory noteId={noteId} groupMinutes={0} nameOf={() => 'Ada'} onRestored={version => restored.push(version)} />)
  await until(() => screen.queryAllByRole('listitem').length === 3)
  const versions = () => screen.getAllByRole('listitem').map(item => item.querySelector('.nw-version-number')?.textContent)
  expect(versions()).toEqual(['v3', 'v2', 'v1'])
  expect(container.textContent).toContain('Ada edited')
  expect(container.textContent).toContain('Ada created it')
  await accessible(container)
  const card = (name: string) => screen.getAllByRole('button').find(button => button.textContent?.startsWith(name))!
  fireEvent.click(card('v2'))
  await until(() => container.querySelector('ins') !== null)
  expect(container.querySelector('ins')?.textContent).toContain('bread')
  await accessible(container)
  fireEvent.click(card('v3'))
  expect(screen.queryByRole('button', { name: 'Restore this version' })).toBeNull() // it is the current one
  fireEvent.click(card('v1'))
  await until(() => screen.queryByRole('article', { name: 'Version 1' })?.textContent?.includes('milk') === true)
  await accessible(container)
  fireEvent.click(screen.getByRole('button', { name: 'Restore this version' }))
  fireEvent.click(screen.getByRole('button', { name: 'Restore v1' }))
  await until(() => restored.length === 1)
  await until(() => versions()[0] === 'v4')
  expect(container.textContent).toContain('Ada restored v1')
  expect(client.note(noteId).get()?.content).toBe('milk\n')
}, 30_000)

test('VersionHistory joins versions made one soon after the other, until every one is asked for', async () => {
  const client = real.open('user_groups')
  const { noteId, done } = client.createNote({ content: 'a' })
  await done
  await client.editNote(noteId, { content: 'b' }).done
  await client.editNote(noteId, { content: 'c' }).done
  const { container } = show(client, <VersionHistory noteId={noteId} />)
  await until(() => screen.queryAllByRole('listitem').length > 0)
  const joined = screen.getAllByRole('listitem').length
  expect(joined).toBeLessThan(3)
  await accessible(container)
  fireEvent.click(screen.getByRole('checkbox', { name: 'Show every version' }))
  await until(() => screen.queryAllByRole('listitem').length === 3)
}, 30_000)

test('what is looked at in the VersionHistory stays open while the note is written in', async () => {
  const client = real.open('user_grows')
  const { noteId, done } = client.createNote({ content: 'a' })
  await done
  await client.editNote(noteId, { content: 'b' }).done
  const { container } = show(client, <VersionHistory noteId={noteId} />)
  await until(() => screen.queryByRole('button', { name: /edited/ }) !== null)
  fireEvent.click(screen.getByRole('button', { name: /edited/ }))
  await until(() => container.querySelector('ins')?.textContent === 'b')
  const seen = container.querySelector('.nw-diff')
  await client.editNote(noteId, { content: 'b c' }).done
  await until(() => container.querySelector('ins')?.textContent === 'b c')
  expect(container.querySelector('.nw-diff')).toBe(seen) // it was never away
}, 30_000)

test('VersionHistory says of a group what a version says: what met, what came back', async () => {
  const client = real.open('user_marks')
  const { noteId, done } = client.createNote({ content: 'a' })
  await done
  await client.editNote(noteId, { content: 'b' }).done
  await client.revertNote(noteId, 1).done
  show(client, <VersionHistory noteId={noteId} />)
  await until(() => screen.queryByText(/restored v1/) !== null)
}, 30_000)

test('VersionHistory of a note without history says so', async () => {
  const client = real.open('user_no_history')
  const { container } = show(client, <VersionHistory noteId="none-of-these" />)
  await until(() => screen.queryByRole('alert') !== null)
  expect(screen.getByRole('alert').textContent).toBe('This note is no longer there.')
  await accessible(container)
}, 30_000)

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
