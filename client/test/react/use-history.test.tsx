// @vitest-environment happy-dom
import { act } from '@testing-library/react'
import { expect, test } from 'vitest'
import { useHistory } from '../../react/index.js'
import type { Client, Network } from '../../src/index.js'
import { network, Real, show, until } from './real.js'
import { probe } from './stage.js'

const real = new Real()

async function edited(client: Client, versions: number): Promise<string> {
  const { noteId, done } = client.createNote({ content: 'v1' })
  await done
  for (let v = 2; v <= versions; v++) await client.editNote(noteId, { content: `v${v}` }).done
  return noteId
}

const numbers = (versions: readonly { version: number }[]) => versions.map(each => each.version)

test('pages, newest first; a new version comes on top, and who looks at what is old does not lose his place', async () => {
  const client = real.open('user_pages')
  const noteId = await edited(client, 7)
  const { Probe, last } = probe(() => useHistory(noteId, { limit: 3 }))
  show(client, <Probe />)
  await until(() => !last().loading)
  expect(numbers(last().versions)).toEqual([7, 6, 5])
  act(() => {
    last().loadMore?.()
    last().loadMore?.() // twice by mistake: the page is there once
  })
  await until(() => !last().loading)
  expect(numbers(last().versions)).toEqual([7, 6, 5, 4, 3, 2])
  act(() => last().loadMore?.())
  await until(() => !last().loading)
  expect(numbers(last().versions)).toEqual([7, 6, 5, 4, 3, 2, 1])
  expect(last().loadMore).toBeNull()
  await client.editNote(noteId, { content: 'v8' }).done
  await until(() => last().versions[0]?.version === 8 && !last().loading)
  expect(numbers(last().versions)).toEqual([8, 7, 6, 5, 4, 3, 2, 1])
  expect(last().loadMore).toBeNull()
}, 30_000)

test('an older answer after a newer one is not shown, nor is another note’s', async () => {
  const held: (() => void)[] = []
  let holding = false
  const own = network()
  const slow: Network = {
    ...own,
    fetch: async (url, init) => {
      const answer = await own.fetch(url, init)
      if (holding && String(url).includes('/versions')) await new Promise<void>(resolve => held.push(resolve))
      return answer
    },
  }
  const client = real.open('user_races', { network: slow })
  const [one, two] = [await edited(client, 2), await edited(client, 4)]
  const { Probe, last } = probe(() => useHistory(shown))
  let shown = one
  const page = show(client, <Probe />)
  await until(() => !last().loading)
  expect(numbers(last().versions)).toEqual([2, 1])
  holding = true
  await client.editNote(one, { content: 'v3' }).done
  await until(() => held.length === 1) // asked for the third version
  shown = two
  page.rerender(<Probe />)
  expect(last().versions).toEqual([])
  await until(() => held.length === 2)
  held[1]?.()
  await until(() => !last().loading)
  expect(numbers(last().versions)).toEqual([4, 3, 2, 1])
  held[0]?.()
  await act(() => new Promise(resolve => setTimeout(resolve, 50)))
  expect(numbers(last().versions)).toEqual([4, 3, 2, 1])
}, 30_000)

test('what could not be read is a problem, and is read again when the connection is back', async () => {
  let broken = false
  const own = network()
  const client = real.open('user_broken', { network: { ...own, fetch: (url, init) => (broken && String(url).includes('/versions') ? Promise.reject(new TypeError('no')) : own.fetch(url, init)) } })
  const noteId = await edited(client, 2)
  broken = true
  const { Probe, last } = probe(() => useHistory(noteId))
  show(client, <Probe />)
  await until(() => last().error !== null && !last().loading)
  expect(last()).toMatchObject({ loading: false, versions: [], error: { code: 'network' } })
  broken = false
  client.reconnect()
  await until(() => last().versions.length === 2)
  expect(last().error).toBeNull()
}, 30_000)
