import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { test } from './harness/browser'
import { Server } from './harness/server'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let server: Server

beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.stop())

/** What axe calls serious or worse. */
async function serious(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const results = await page.evaluate(() => (window as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({ resultTypes: ['violations'] }))
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target.join(' ')} ${node.any.map(check => check.message).join('; ')}`))
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.concurrent(`nothing is in the way of anybody: ${colorScheme}`, async ({ open }) => {
    const user = `alice-${colorScheme}`
    const { id } = await server.createNote(user, { title: 'Groceries', content: '# For the week\n\n- *milk*, **bread**\n- [x] `eggs`\n\n> [a link](https://example.com)\n', with: ['bob'] })
    await server.ask(user, 'POST', `/api/notes/${id}`, { changes: { content: '# For this week\n\n- *milk*, **bread**\n- [x] `eggs`\n\n> [a link](https://example.com)\n' } })
    await server.ask(user, 'POST', `/api/notes/${id}/organise`, { fields: { starred: true, addTags: ['home', 'week'] } })
    await server.ask(user, 'POST', '/api/folders', { name: 'Kitchen', color: '#dc2626' })
    const device = await open({ colorScheme })
    const found: Record<string, readonly string[]> = {}
    const look = async (name: string, page: Page) => {
      const wrong = await serious(page)
      if (wrong.length > 0) found[name] = wrong
      await page.screenshot({ path: `${import.meta.dirname}/artefacts/axe-${colorScheme}-${name}.png` })
    }
    const signIn = await device.app(server.url, '')
    await signIn.page.getByRole('textbox', { name: 'Your name' }).waitFor()
    await look('sign-in', signIn.page)

    const app = await device.app(server.url, user)
    await app.row('Groceries').waitFor()
    await look('list', app.page)
    await app.row('Groceries').click()
    await app.shows(/For this week/)
    await look('editor', app.page)
    const history = await app.openHistory()
    await history.getByRole('button', { name: /^v/ }).first().click()
    await history.getByText('week').first().waitFor()
    await look('history', app.page)
    const panel = await app.openConnection()
    await panel.getByText('WebSocket').first().waitFor()
    await look('connection', app.page)
    await panel.getByRole('button', { name: /^close/i }).click()
    const dialog = await app.openShare()
    await look('share', app.page)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await app.note.getByRole('button', { name: 'More' }).click()
    await look('menu', app.page)

    const { page } = app
    await page.goto(`${server.url}/inspector?as=${user}&note=${id}`)
    await page.getByRole('button', { name: /^Connect as/ }).click()
    await page.getByText('initial').first().waitFor()
    await look('inspector', page)
    expect(found).toEqual({})
  })
}
