import { afterAll, beforeAll, expect } from 'vitest'
import { test } from './harness/browser'
import { Server } from './harness/server'
import { soon } from './harness/soon'

let server: Server

beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.stop())

test.concurrent('one shares a note, and both follow each other', async ({ open }) => {
  const [hers, his] = await Promise.all([open(), open()])
  const [alice, bob] = await Promise.all([hers.app(server.url, 'alice'), his.app(server.url, 'bob')])
  const id = await alice.newNote('Shopping', 'milk')
  const dialog = await alice.openShare()
  await dialog.getByRole('combobox', { name: 'Who to add' }).fill('bob')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await dialog.getByRole('list', { name: 'Members' }).getByText('bob').waitFor()
  await dialog.getByRole('button', { name: 'Close' }).click()

  await bob.row('Shopping').click()
  await bob.shows('milk')
  await bob.caretBehind('milk')
  await bob.page.keyboard.type(', eggs')
  await alice.shows('milk, eggs')

  await alice.title.fill('Shopping for two')
  await soon(() => bob.title.inputValue(), 'Shopping for two')
  await bob.row('Shopping for two').waitFor()

  await bob.star.click()
  await bob.row('Starred').waitFor()
  await soon(async () => (await server.ask<{ starred: boolean }>('bob', 'GET', `/api/notes/${id}`)).starred, true)
  await alice.caretBehind('eggs')
  await alice.page.keyboard.type(', bread')
  await bob.shows('milk, eggs, bread')
  await bob.caretBehind('bread')
  await bob.page.keyboard.type('!')
  await alice.shows('milk, eggs, bread!') // what came before this is here as well: the star would be
  expect(await alice.star.getAttribute('aria-pressed')).toBe('false')
  expect(await alice.row('Starred').count()).toBe(0)
  await Promise.all([alice.shot('follow-alice'), bob.shot('follow-bob')])
  expect([...alice.faults, ...bob.faults]).toEqual([])
})

test.concurrent('who is in a note sees who else is there, and where', async ({ open }) => {
  const { id } = await server.createNote('carol', { title: 'Who is there', content: 'one two three', with: ['dave'] })
  const [hers, his] = await Promise.all([open(), open()])
  const [carol, dave] = await Promise.all([hers.app(server.url, 'carol', id), his.app(server.url, 'dave', id)])
  await Promise.all([carol.shows('one two three'), dave.shows('one two three')])
  await dave.caretBehind('one two')
  await carol.note.getByRole('list', { name: /Also here: dave/ }).waitFor()
  await dave.note.getByRole('list', { name: /Also here: carol/ }).waitFor()
  await soon(() => carol.editor.evaluate(content => {
    const caret = content.querySelector('.cm-other-caret')
    const range = document.createRange()
    range.setStart(content, 0)
    if (caret) range.setEndBefore(caret)
    return range.toString()
  }), 'one two')
  await carol.shot('presence')
  await dave.page.close()
  await carol.note.getByRole('list', { name: /Also here/ }).waitFor({ state: 'detached' })
  await soon(() => carol.editor.locator('.cm-other-caret').count(), 0)
})

test.concurrent('who made a note on this page sees who comes into it', async ({ open }) => {
  const [hers, his] = await Promise.all([open(), open()])
  const erin = await hers.app(server.url, 'erin')
  const id = await erin.newNote('Just made', 'so new')
  await server.ask('erin', 'POST', `/api/notes/${id}/share`, { members: [{ userId: 'frank', role: 'write' }] })
  const frank = await his.app(server.url, 'frank', id)
  await frank.shows('so new')
  await erin.note.getByRole('list', { name: /Also here: frank/ }).waitFor()
})
