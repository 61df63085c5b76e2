import { expect, test } from 'vitest'
import { continued, none, refreshed, type Pages } from '../../react/history-pages.js'
import type { HistoryPage, NoteVersion, VersionGroup } from '../../src/index.js'

const versions = (...numbers: number[]) => numbers.map(version => ({ version }) as NoteVersion)
const groups = (...edges: [from: number, to: number][]) => edges.map(([from, to]) => ({ from, to }) as VersionGroup)
const numbers = (pages: Pages) => pages.versions.map(each => each.version)
const edges = (pages: Pages) => pages.groups.map(each => [each.from, each.to])
const read = (page: HistoryPage) => refreshed(none('n'), page)

test('a first page that reaches what was read is put before it', () => {
  const had = continued(read({ versions: versions(6, 5), next: 5 }), 5, { versions: versions(4, 3), next: 3 })
  const overlapping = refreshed(had, { versions: versions(7, 6), next: 6 })
  expect([numbers(overlapping), overlapping.next]).toEqual([[7, 6, 5, 4, 3], 3])
  const touching = refreshed(had, { versions: versions(8, 7), next: 7 })
  expect([numbers(touching), touching.next]).toEqual([[8, 7, 6, 5, 4, 3], 3])
})

test('one that does not reach it takes its place: there would be a gap', () => {
  const had = read({ versions: versions(6, 5), next: 5 })
  const next = refreshed(had, { versions: versions(9, 8), next: 8 })
  expect([numbers(next), next.next]).toEqual([[9, 8], 8])
})

test('the group that is written on grows, and those below it stay', () => {
  const had = continued(read({ groups: groups([8, 9], [5, 7]), next: 5 }), 5, { groups: groups([1, 4]), next: null })
  const next = refreshed(had, { groups: groups([8, 12], [5, 7]), next: 5 })
  expect([edges(next), next.next]).toEqual([[[8, 12], [5, 7], [1, 4]], null])
})

test('a group that the page has cut is not shown beside its other part', () => {
  const had = read({ groups: groups([1, 900]), next: null })
  expect(edges(refreshed(had, { groups: groups([401, 901]), next: 401 }))).toEqual([[401, 901]])
})

test('a page that comes twice is there once', () => {
  const had = read({ versions: versions(6, 5), next: 5 })
  const page = { versions: versions(4, 3), next: 3 }
  expect(numbers(continued(continued(had, 5, page), 5, page))).toEqual([6, 5, 4, 3])
})
