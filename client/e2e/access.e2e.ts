import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { afterAll, beforeAll, expect } from 'vitest'
import type { App } from './harness/app'
import { test } from './harness/browser'
import { Server } from './harness/server'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let server: Server

beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.stop())

/** What axe calls serious or worse. */
async function serious({ page }: App): Promise<readonly string[]> {
  await page.evaluate(axe)
  const results = await page.evaluate(() => (window as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({ resultTypes: ['violations'] }))
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target.join(' ')} ${node.any.map(check => check.message).join('; ')}`))
}

/** Waits until colours have become what they are to be. */
function settled({ page }: App): Promise<unknown> {
  return page.evaluate(() => Promise.all(document.getAnimations().filter(each => each.effect?.getComputedTiming().endTime !== Infinity).map(each => each.finished.catch(() => {}))))
}

test('nothing is in the way of anybody, light or dark', async ({ open }) => {
  const { id } = await server.createNote('alice', { title: 'Groceries', content: '# For the week\n\n- *milk*, **bread**\n- [x] `eggs`\n\n> [a link](https://example.com)\n', with: ['bob'] })
  await server.ask('alice', 'POST', `/api/notes/${id}`, { changes: { content: '# For this week\n\n- *milk*, **bread**\n- [x] `eggs`\n\n> [a link](https://example.com)\n' } })
  await server.ask('alice', 'POST', `/api/notes/${id}/organise`, { fields: { starred: true, addTags: ['home', 'week'] } })
  await server.ask('alice', 'POST', '/api/folders', { name: 'Kitchen', color: '#dc2626' })
  const device = await open()
  const found: Record<string, readonly string[]> = {}
  const look = async (name: string, app: App) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.page.emulateMedia({ colorScheme })
      await settled(app)
      const wrong = await serious(app)
      if (wrong.length > 0) found[`${name}, ${colorScheme}`] = wrong
      await app.shot(`axe-${colorScheme}-${name}`)
    }
  }
  const signIn = await device.app(server.url, '')
  await signIn.page.getByRole('textbox', { name: 'Your name' }).waitFor()
  await look('sign-in', signIn)

  const app = await device.app(server.url, 'alice')
  await app.row('Groceries').waitFor()
  await look('list', app)
  await app.row('Groceries').click()
  await app.shows(/For this week/)
  await look('editor', app)
  const history = await app.openHistory()
  await history.getByRole('button', { name: /^v/ }).first().click()
  await history.getByText('week').first().waitFor()
  await look('history', app)
  const panel = await app.openConnection()
  await panel.getByText('WebSocket').first().waitFor()
  await look('connection', app)
  await panel.getByRole('button', { name: /^close/i }).click()
  const dialog = await app.openShare()
  await look('share', app)
  await dialog.getByRole('button', { name: 'Close' }).click()
  await app.note.getByRole('button', { name: 'More' }).click()
  await look('menu', app)

  const { page } = app
  await page.goto(`${server.url}/inspector?as=alice&note=${id}`)
  await page.getByRole('button', { name: /^Connect as/ }).click()
  await page.getByText('initial').first().waitFor()
  await look('inspector', app)
  expect(found).toEqual({})
})
