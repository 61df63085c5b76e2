import { afterAll, beforeAll, expect } from 'vitest'
import type { App } from './harness/app'
import { test } from './harness/browser'
import { Server } from './harness/server'
import { soon } from './harness/soon'

const [crashes, words] = process.env.E2E_LONG === '1' ? [10, 250] : [2, 40]

let server: Server

beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.stop())

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

test('a server that is killed while two type, and comes back: nothing is lost', async ({ open, networkBefore }) => {
  const gateway = await networkBefore(server) // which answers 502 for a server that is not there
  const { id } = await server.createNote('alice', { title: 'Crash', content: 'Alice:  Bob: .', with: ['bob'] })
  const [hers, his] = await Promise.all([open(), open()])
  const [alice, bob] = await Promise.all([hers.app(server.url, 'alice', id), his.app(gateway.url, 'bob', id)])
  for (const app of [alice, bob]) {
    await app.shows('Alice:  Bob: .')
    await app.connected()
  }
  await alice.caretBehind('Alice: ')
  await bob.caretBehind('Bob: ')
  const text = (letter: string) => Array.from({ length: words }, (_, i) => `${letter}${i} `).join('')
  const types = (app: App, letter: string) => app.page.keyboard.type(text(letter), { delay: 25 })
  const crash = async () => {
    for (let i = 0; i < crashes; i++) {
      await pause(900)
      await server.kill()
      await pause(400)
      if (i === 0) await Promise.all([alice.shot('crash-refused'), bob.shot('crash-gateway')])
      await server.start()
    }
  }
  await Promise.all([types(alice, 'a'), types(bob, 'b'), crash()])
  const both = `Alice: ${text('a')} Bob: ${text('b')}.`
  await Promise.all([alice.shows(both, 40_000), bob.shows(both, 40_000)])
  await Promise.all([alice.saved(40_000), bob.saved(40_000)])
  await soon(async () => (await server.note('bob', id)).content, both)
  expect(await alice.prompts.count() + await bob.prompts.count()).toBe(0)
  expect([...alice.faults, ...bob.faults]).toEqual([])
})
