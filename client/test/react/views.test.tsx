// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { VersionHistory } from '../../react/index.js'
import { memory, type Network } from '../../src/index.js'
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
