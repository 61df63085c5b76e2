import { afterAll, beforeAll, expect } from 'vitest'
import { test } from './harness/browser'
import { Server } from './harness/server'

let server: Server

beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.stop())

test('the page is loaded without the server, and what is written then arrives later', async ({ open }) => {
  const { id } = await server.createNote('alice', { title: 'Train', content: 'Before the tunnel.' })
  const device = await open({})
  const before = await device.app(server.url, 'alice', id)
  await before.shows('Before the tunnel.')
  await before.kept('Before the tunnel.')
  await before.page.evaluate(() => navigator.serviceWorker.ready.then(() => {})) // the page is kept
  await server.kill()
  await before.page.close()

  const alice = await device.app(server.url, 'alice', id)
  await alice.shows('Before the tunnel.')
  await alice.caretBehind('tunnel')
  await alice.page.keyboard.type(' of ten miles')
  await alice.note.getByText('Kept on this device').waitFor()
  await alice.kept('Before the tunnel of ten miles.') // the words are there from the first key on
  await alice.page.reload()
  await alice.shows('Before the tunnel of ten miles.')
  await alice.shot('away')

  await server.start()
  await alice.saved(40_000)
  expect((await server.note('alice', id)).content).toBe('Before the tunnel of ten miles.')
})
