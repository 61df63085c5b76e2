import { expect, test } from 'vitest'
import { fieldsFor, notesIn } from '../src/list/filter'
import { matches, snippetOf, titleOf, wordsOf } from '../src/list/text'
import { note } from './notes'

test('a note without a title is called by its first line', () => {
  expect(titleOf(note({ content: '\n## Plans for **May**\nmore' }))).toBe('Plans for May')
  expect(titleOf(note({ title: '  ', content: '' }))).toBe('Untitled')
})

test('a snippet does not say again what the title said', () => {
  expect(snippetOf(note({ content: 'First line\nsecond' }))).toBe('second')
  expect(snippetOf(note({ title: 'First', content: 'First line' }))).toBe('First line')
  expect(snippetOf(note({ content: 'Only this' }))).toBe('No more text')
  expect(snippetOf(note())).toBe('No text yet')
  expect(snippetOf(note({ title: 'Links', content: 'See [the docs](https://example.com/a_b) and ![a picture](x.png)\n```\ncode\n```' }))).toBe('See the docs and a picture code')
})

test('a search finds all words anywhere, however they are written', () => {
  const trip = note({ title: 'Trip to LISBON', content: 'Ｔｒａｍ 28', tags: ['travel'] })
  expect(matches(trip, wordsOf(' lisbon tram travel '))).toBe(true)
  expect(matches(trip, wordsOf('lisbon train'))).toBe(false)
  expect(matches(trip, wordsOf(' '))).toBe(true)
})

test('what is archived or hidden is only in the archive', () => {
  const notes = [note({ id: 'a', archived: true, starred: true, tags: ['x'] }), note({ id: 'b', hidden: true }), note({ id: 'c', starred: true, tags: ['x'] })]
  const ids = (filter: Parameters<typeof notesIn>[0]) => notesIn(filter, notes, []).map(each => each.id)
  expect(ids({ kind: 'all' })).toEqual(['c'])
  expect(ids({ kind: 'starred' })).toEqual(['c'])
  expect(ids({ kind: 'tag', tag: 'x' })).toEqual(['c'])
  expect(ids({ kind: 'archived' })).toEqual(['a'])
})

test('a new note is in the list in which it was made', () => {
  for (const filter of [{ kind: 'all' }, { kind: 'starred' }, { kind: 'folder', id: 'f' }, { kind: 'tag', tag: 'x' }] as const) {
    const made = note({ ...fieldsFor(filter) })
    expect(notesIn(filter, [made], [])).toEqual([made])
  }
  expect(fieldsFor({ kind: 'trash' })).toBeNull()
})
