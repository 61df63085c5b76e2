import { afterAll, beforeAll, expect } from 'vitest'
import { test } from './harness/browser'
import { Server } from './harness/server'
import { Typist } from './harness/typist'
import { soon } from './harness/soon'

const seconds = Number(process.env.E2E_TYPING_SECONDS ?? (process.env.E2E_LONG === '1' ? 60 : 8))

let server: Server

beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.stop())

test('two type in one paragraph at the same time', { timeout: 60_000 + seconds * 3000 }, async ({ open }) => {
  const content = 'Alice says: . In between there is something that nobody changes. Bob says: ! And this is the end.'
  const { id } = await server.createNote('alice', { title: 'Together', content, with: ['bob'] })
  const [hers, his] = await Promise.all([open(), open()])
  const [alice, bob] = await Promise.all([hers.app(server.url, 'alice', id), his.app(server.url, 'bob', id)])
  await Promise.all([alice.shows(content), bob.shows(content)])
  await Promise.all([alice.connected(), bob.connected()])
  await alice.caretBehind('Alice says: ')
  await bob.caretBehind('Bob says: ')
  const [one, two] = [new Typist(alice, 'abcdefghijklm', '. In', 1), new Typist(bob, 'nopqrstuvwxyz', '! And', 2)]
  await Promise.all([one.type(seconds * 1000), two.type(seconds * 1000)])

  const both = content.replace('Alice says: ', `Alice says: ${one.typed}`).replace('Bob says: ', `Bob says: ${two.typed}`)
  await Promise.all([alice.shows(both), bob.shows(both)])
  await Promise.all([alice.saved(), bob.saved()])
  expect((await server.note('alice', id)).content).toBe(both)
  await one.checkCaret()
  await two.checkCaret()
  expect(await alice.prompts.count() + await bob.prompts.count()).toBe(0)
  await Promise.all([alice.shot('typing-alice'), bob.shot('typing-bob')])

  // Undo takes back one's own, and nothing else.
  const his_only = content.replace('Bob says: ', `Bob says: ${two.typed}`)
  for (let i = 0; i < one.keys && (await alice.text()) !== his_only; i++) await alice.page.keyboard.press('ControlOrMeta+z')
  await alice.shows(his_only)
  await alice.page.keyboard.press('ControlOrMeta+z') // there is no more
  await Promise.all([alice.shows(his_only), bob.shows(his_only)])
  await two.checkCaret()
  await alice.page.keyboard.press('ControlOrMeta+Shift+z')
  await soon(() => alice.text(), expect.not.stringMatching(his_only))
  await soon(async () => (await bob.text()) === (await alice.text()), true)
  expect(await alice.prompts.count() + await bob.prompts.count()).toBe(0)
  await alice.shot('typing-undone')
  expect([...alice.faults, ...bob.faults]).toEqual([])
})
