import { afterAll, beforeAll, expect } from 'vitest'
import type { App } from './harness/app'
import { test } from './harness/browser'
import { buildForDevelopment } from './harness/build'
import type { Device } from './harness/device'
import { Frames, keepLedger, ledgerOf } from './harness/ledger'
import { Server } from './harness/server'
import { soon } from './harness/soon'

let server: Server

beforeAll(async () => {
  server = await Server.start({}, buildForDevelopment())
})
afterAll(() => server.stop())

interface Watched {
  readonly app: App
  readonly frames: Frames
  /** What the page held before anybody was signed in. */
  readonly before: readonly string[]
}

/** Somebody who signs in on the page, which is watched from before its first script on. */
async function signedIn(device: Device, user: string): Promise<Watched> {
  const app = device.adopt(await device.context.newPage(), user)
  const frames = new Frames(app.page)
  await keepLedger(app.page)
  await app.page.goto(server.url)
  const name = app.page.getByRole('textbox', { name: 'Your name' })
  await name.fill(user)
  const { held } = await ledgerOf(app.page)
  await name.press('Enter')
  await app.connected()
  return { app, frames, before: held }
}

/** How often it joined and left a note. */
function visits({ frames }: Watched, noteId: string): readonly [joined: number, left: number] {
  const of = (type: string) => frames.sent.filter(frame => frame.type === type && frame.noteId === noteId).length
  return [of('join_note'), of('leave_note')]
}

/** From how many connections somebody was shown in a note. */
function connectionsOf({ frames }: Watched, user: string): number {
  return new Set(frames.received.filter(({ type, userId }) => type === 'presence' && userId === user).map(({ senderId }) => senderId)).size
}

test('where React mounts everything twice, everything is there once', { timeout: 120_000 }, async ({ open }) => {
  const [alice, bob] = await Promise.all([signedIn(await open(), 'alice'), signedIn(await open(), 'bob')])
  for (const { app } of [alice, bob]) expect((await ledgerOf(app.page)).mounts, 'mounts of the workspace: this is no development build in StrictMode').toBe(2)

  const first = await alice.app.newNote('Strict', 'typed once')
  const dialog = await alice.app.openShare()
  await dialog.getByRole('combobox', { name: 'Who to add' }).fill('bob')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await dialog.getByRole('list', { name: 'Members' }).getByText('bob').waitFor()
  await dialog.getByRole('button', { name: 'Close' }).click()

  const together = async (text: string) => {
    await Promise.all([alice.app.shows(text), bob.app.shows(text)])
    await Promise.all([alice.app.note.getByRole('list', { name: 'Also here: bob' }).waitFor(), bob.app.note.getByRole('list', { name: 'Also here: alice' }).waitFor()])
    await alice.app.caretBehind(text)
    await soon(() => bob.app.editor.locator('.cm-other-caret').count(), 1)
    await bob.app.caretBehind(text)
    await soon(() => alice.app.editor.locator('.cm-other-caret').count(), 1)
  }
  await bob.app.row('Strict').click()
  await together('typed once')
  await bob.app.page.keyboard.type(', and followed')
  await together('typed once, and followed')

  for (const { app } of [alice, bob]) {
    const history = await app.openHistory()
    await history.getByRole('listitem').first().waitFor()
    await history.getByRole('button', { name: /^close/i }).click()
    await history.waitFor({ state: 'detached' })
  }
  const second = await alice.app.newNote('Another', 'of hers')
  expect(await alice.app.row('Another').count()).toBe(1)
  await bob.app.note.getByRole('list', { name: /Also here/ }).waitFor({ state: 'detached' })
  for (const [title, text] of [['Strict', 'typed once, and followed'], ['Another', 'of hers'], ['Strict', 'typed once, and followed']] as const) {
    await alice.app.row(title).click()
    await alice.app.shows(text)
  }
  await together('typed once, and followed')
  await alice.app.caretBehind('followed')
  await alice.app.page.keyboard.type('!')
  await together('typed once, and followed!')

  // Everything was done once.
  await Promise.all([alice.app.saved(), bob.app.saved()])
  expect((await server.note('alice', first)).content).toBe('typed once, and followed!')
  const { notes } = await server.ask<{ notes: readonly { id: string }[] }>('alice', 'GET', '/api/notes')
  expect(notes.map(({ id }) => id).sort()).toEqual([first, second].sort())
  expect([alice, bob].map(({ frames }) => [frames.sockets.length, frames.open])).toEqual([[1, 1], [1, 1]])
  expect([visits(alice, first), visits(alice, second), visits(bob, first)]).toEqual([[3, 2], [2, 2], [1, 0]])
  expect([connectionsOf(alice, 'bob'), connectionsOf(bob, 'alice')]).toEqual([1, 1])

  // And nothing is left of who signs out.
  const { app, frames, before } = alice
  await app.choose('Signed in as alice', 'Sign out')
  await app.page.getByRole('textbox', { name: 'Your name' }).waitFor()
  await soon(() => frames.open, 0)
  await bob.app.note.getByRole('list', { name: /Also here/ }).waitFor({ state: 'detached' })
  await soon(async () => (await ledgerOf(app.page)).held, before)
  expect(frames.sockets).toHaveLength(1)
  for (const { app } of [alice, bob]) expect(app.said.filter(said => /^(thrown|error|warning):/.test(said))).toEqual([])
})
