import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyChanges, diff, moved } from '../../src/text/diff.js'
import { World } from '../sim/world.js'

test('a diff makes the one text of the other, and cuts no character in two', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
    expect(applyChanges(a, diff(a, b))).toBe(b)
  }))
  expect(diff('😀', '😁')).toEqual([{ from: 0, to: 2, insert: '😁' }])
})

test('changes at two places can be made in either order', () => {
  const text = 'one two three four'
  const [a, b] = [diff(text, 'ONE two three four'), diff(text, 'one two three FOUR!')]
  expect(applyChanges(applyChanges(text, a), moved(b, a)!)).toBe('ONE two three FOUR!')
  expect(applyChanges(applyChanges(text, b), moved(a, b)!)).toBe('ONE two three FOUR!')
  expect(moved(diff(text, 'one x three four'), diff(text, 'one y three four'))).toBeUndefined()
})

test('what another writes comes into the editor beside what is being typed, and nothing is lost', async () => {
  const world = new World()
  const [one, two] = [world.device().open(), world.device().open()]
  await world.connected(one, two)
  const { noteId } = one.client.createNote({ content: 'first\nmiddle\nlast' })
  await world.clock.pass(2000)
  const session = one.client.text(noteId)
  let editor = session.value
  session.onRemote((changes, value) => {
    editor = applyChanges(editor, changes)
    expect(editor).toBe(value)
  })
  const type = (text: string) => {
    const changes = [{ from: editor.length, to: editor.length, insert: text }]
    editor = applyChanges(editor, changes)
    session.localChange(changes)
  }
  type('!')
  two.client.editNote(noteId, { content: 'FIRST\nmiddle\nlast' })
  for (let i = 0; i < 30; i++) { // never a pause of more than the debounce
    await world.clock.pass(200)
    type(`${i % 10}`)
  }
  expect(editor).toContain('FIRST')
  await Promise.all([session.flush(), world.clock.pass(2000)])
  await world.clock.pass(2000)
  expect(editor.split('\n').sort()).toEqual(['FIRST', 'last!012345678901234567890123456789', 'middle'])
  expect(world.server.note(noteId, 'ada')?.content.split('\n').sort()).toEqual(editor.split('\n').sort())
  expect(session.value).toBe(editor)
  session.close()
})
