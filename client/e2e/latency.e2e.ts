import { afterAll, beforeAll, expect } from 'vitest'
import type { App } from './harness/app'
import { test } from './harness/browser'
import { Server } from './harness/server'
import { soon } from './harness/soon'

const keystrokes = Number(process.env.E2E_KEYSTROKES ?? 6)
/** Between two keystrokes, in milliseconds: by default longer than typing is gathered, so that each goes alone. */
const pause = Number(process.env.E2E_PAUSE ?? 450)

let server: Server

beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.stop())

/** Notes when a key went down, in milliseconds since 1970. */
async function watchKeys(app: App): Promise<void> {
  await app.page.evaluate(() => {
    const times: number[] = []
    Object.assign(window, { times })
    addEventListener('keydown', () => times.push(performance.timeOrigin + performance.now()), { capture: true })
  })
}

/** Notes when the text that grew was drawn: in the frame after the one in which it came. */
async function watchPixels(app: App): Promise<void> {
  await app.editor.evaluate(content => {
    const times: number[] = []
    Object.assign(window, { times })
    const begun = content.textContent.length
    new MutationObserver(() => {
      const length = content.textContent.length - begun
      requestAnimationFrame(() => requestAnimationFrame(() => {
        while (times.length < length) times.push(performance.timeOrigin + performance.now())
      }))
    }).observe(content, { subtree: true, childList: true, characterData: true })
  })
}

const timesOf = (app: App) => app.page.evaluate(() => (window as unknown as { times: number[] }).times)

function percentile(sorted: readonly number[], p: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? NaN)
}

for (const transport of ['WebSocket', 'SSE']) {
  test(`from a key to another's screen, on ${transport}`, { timeout: 60_000 + keystrokes * 1000 }, async ({ open }) => {
    const { id } = await server.createNote('alice', { title: transport, content: 'x', with: ['bob'] })
    const [hers, his] = [await open(), await open()]
    const [alice, bob] = await Promise.all([hers.app(server.url, 'alice', id), his.app(server.url, 'bob', id)])
    for (const app of [alice, bob]) {
      const panel = await app.openConnection()
      await panel.getByRole('radio', { name: new RegExp(`^${transport}( in use)?$`) }).check()
      await app.uses(new RegExp(`^${transport}$`))
      await app.shows('x')
    }
    await alice.caretBehind('x')
    await watchKeys(alice)
    await watchPixels(bob)
    for (let i = 0; i < keystrokes; i++) {
      await alice.page.keyboard.press('abcdefghij'.charAt(i % 10))
      await new Promise(resolve => setTimeout(resolve, pause * (1 + Math.random() / 4)))
    }
    await soon(async () => (await timesOf(bob)).length, keystrokes)
    const [pressed, drawn] = [await timesOf(alice), await timesOf(bob)]
    const late = drawn.map((at, i) => at - (pressed[i] ?? NaN)).sort((a, b) => a - b)
    console.log(`${transport}: from a key to another's screen: p50 ${percentile(late, 50)} ms, p99 ${percentile(late, 99)} ms, of ${keystrokes} keys about ${pause} ms apart`)
    expect(percentile(late, 50)).toBeLessThan(3000)
  })
}
