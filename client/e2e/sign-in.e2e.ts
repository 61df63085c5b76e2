import { afterAll, beforeAll, expect } from 'vitest'
import type { App } from './harness/app'
import { test } from './harness/browser'
import { Server } from './harness/server'
import { soon } from './harness/soon'

let server: Server

beforeAll(async () => {
  server = await Server.start({ TOKEN_STALENESS: '8s' })
})
afterAll(() => server.stop())

/** Types for 11 s, in which tokens get too old, and answers in which states the connection was. */
async function typesOn(app: App, id: string): Promise<ReadonlySet<string | null>> {
  await app.shows('Begun')
  await app.connected()
  await app.editor.focus()
  await app.page.keyboard.press('ControlOrMeta+End')
  const states = new Set<string | null>()
  let typed = ''
  for (const end = performance.now() + 11_000; performance.now() < end;) {
    const word = ` w${typed.length}`
    await app.page.keyboard.type(word, { delay: 80 })
    typed += word
    states.add(await app.state())
    expect(await app.prompts.count()).toBe(0)
  }
  await app.saved()
  await soon(async () => (await server.note('alice', id)).content, `Begun${typed}`)
  return states
}

test.concurrent('tokens that live a few seconds are renewed without a word', async ({ open }) => {
  const { id } = await server.createNote('alice', { title: 'Short tokens', content: 'Begun' })
  const app = await (await open()).app(server.url, 'alice', id, page => page.route('**/dev/token*', async route => {
    const token = await server.token('alice')
    await route.fulfill({ json: { token, expiresAt: Date.now() } }).catch(() => {}) // so that it is not used twice; the page may be gone
  }))
  expect([...await typesOn(app, id)]).toEqual(['connected'])
  await app.shot('tokens')
})

test.concurrent('where a token is refused before its time, there is soon another', async ({ open }) => {
  const { id } = await server.createNote('alice', { title: 'Tokens', content: 'Begun' })
  const app = await (await open()).app(server.url, 'alice', id)
  await typesOn(app, id)
  await app.connected()
})

test('one signs in by a name, and signs out', async ({ open }) => {
  const { page } = await (await open()).app(server.url, '')
  await page.getByRole('textbox', { name: 'Your name' }).fill('grace')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Signed in as grace' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'grace' }).waitFor()
})
