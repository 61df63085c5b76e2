import { afterAll, beforeAll, expect } from 'vitest'
import { test } from './harness/browser'
import { Server } from './harness/server'
import { soon } from './harness/soon'

let server: Server

beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.stop())

test.concurrent('an older version is looked at, and restored', async ({ open }) => {
  const { id } = await server.createNote('alice', { title: 'History', content: 'the first text' })
  await server.ask('alice', 'POST', `/api/notes/${id}`, { changes: { content: 'the second text' } })
  await server.ask('alice', 'POST', `/api/notes/${id}`, { changes: { content: 'the third text', title: 'History, later' } })
  const app = await (await open()).app(server.url, 'alice', id)
  await app.shows('the third text')
  const history = await app.openHistory()
  await history.getByRole('checkbox', { name: /every version/i }).check()
  await soon(() => history.getByRole('listitem').count(), 3)
  await history.getByRole('button', { name: /^v2/ }).click()
  await history.getByText('second').first().waitFor()
  await app.shot('history-changes')
  await history.getByRole('button', { name: /^v1/ }).click()
  await history.getByText('the first text').waitFor()
  await history.getByRole('button', { name: /restore/i }).click()
  await history.getByRole('button', { name: 'Restore v1' }).click()
  await app.shows('the first text')
  await soon(() => app.title.inputValue(), 'History')
  await soon(() => history.getByRole('listitem').count(), 4)
  await app.shot('history-restored')
  expect((await server.note('alice', id)).version).toBe(4)
})

test.concurrent('a note goes to the trash, comes back, and goes for good', async ({ open }) => {
  await server.createNote('bob', { title: 'Keep', content: 'this' })
  const { id } = await server.createNote('bob', { title: 'Throw away', content: 'that' })
  const app = await (await open()).app(server.url, 'bob', id)
  await app.shows('that')
  const nav = app.page.getByRole('navigation')
  await app.choose('More', 'Move to the trash', app.note)
  await app.row('Throw away').waitFor({ state: 'detached' })
  await nav.getByRole('button', { name: /^Trash/ }).click()
  await app.row('Throw away').click()
  await app.note.getByText('This note is in the trash').waitFor()
  await app.shot('trash')
  await app.choose('More', 'Take out of the trash', app.note)
  await nav.getByRole('button', { name: /^All notes/ }).click()
  await app.row('Throw away').click()
  await app.shows('that')

  await app.choose('More', 'Move to the trash', app.note)
  await nav.getByRole('button', { name: /^Trash/ }).click()
  await app.row('Throw away').click()
  await app.choose('More', /Delete for good/, app.note)
  await app.page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click()
  await app.row('Throw away').waitFor({ state: 'detached' })
  await soon(() => server.note('bob', id).then(() => 'there', () => 'gone'), 'gone')
  await nav.getByRole('button', { name: /^All notes/ }).click()
  await app.row('Keep').waitFor()
  expect(await app.row('Throw away').count()).toBe(0)
  expect(app.faults).toEqual([])
})
