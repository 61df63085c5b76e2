// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { mayWrite } from '../../react/components/may-write.js'
import { ConflictView, VersionHistory } from '../../react/index.js'
import { memory, problem, type Network } from '../../src/index.js'
import { accessible } from './axe.js'
import { Real, network, show, until } from './real.js'

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

test('VersionHistory of a note that only this device has says that there is none, and does not ask', async () => {
  let kept = true
  const asked: string[] = []
  const own = network()
  const held: Network = {
    ...own,
    fetch: (url, init) => {
      if (String(url).includes('/versions')) asked.push(kept ? 'before' : 'after')
      return kept && String(url).endsWith('/mutations') ? Promise.reject(new TypeError('no')) : own.fetch(url, init)
    },
  }
  const { storage } = memory()
  const first = real.open('user_only_here', { network: held, storage })
  await until(() => first.connection.get().name === 'connected')
  const { noteId, stored } = first.createNote({ content: 'a' })
  await stored
  const page = show(first, <VersionHistory noteId={noteId} />)
  await until(() => page.queryByText('No history available') !== null)
  page.unmount()
  await first.close()
  const second = real.open('user_only_here', { network: held, storage }) // does not know the note at first
  const { container } = show(second, <VersionHistory noteId={noteId} />)
  await until(() => screen.queryByText('No history available') !== null)
  await until(() => second.connection.get().name === 'connected')
  await accessible(container)
  kept = false
  await until(() => screen.queryAllByRole('listitem').length === 1)
  expect(new Set(asked)).toEqual(new Set(['after']))
}, 30_000)

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
