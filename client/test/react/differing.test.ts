import fc from 'fast-check'
import { expect, test } from 'vitest'
import { between, differing } from '../../react/components/differing.js'

/** Both texts, with what differs in brackets. */
function marked(one: string, other: string): readonly string[] {
  const ranges = differing(one, other)
  return [one, other].map((text, i) => `${text.slice(0, ranges[i]!.from)}[${text.slice(ranges[i]!.from, ranges[i]!.to)}]${text.slice(ranges[i]!.to)}`)
}

test('what differs is marked in whole words, in both texts', () => {
  expect(marked('Saturday morning, 9:00', 'Sunday evening, 9:00')).toEqual(['[Saturday morning], 9:00', '[Sunday evening], 9:00'])
  expect(marked('the cat sat', 'the cats sat')).toEqual(['the [cat] sat', 'the [cats] sat'])
  expect(marked('the cat', 'the big cat')).toEqual(['the []cat', 'the [big ]cat'])
  expect(marked('schön', 'schon')).toEqual(['[schön]', '[schon]'])
  expect(marked('Größe 12', 'Größe 125')).toEqual(['Größe [12]', 'Größe [125]'])
  expect(marked('ein Haus', 'ein Häuschen')).toEqual(['ein [Haus]', 'ein [Häuschen]'])
  expect(marked('Привет, мир', 'Привет, море')).toEqual(['Привет, [мир]', 'Привет, [море]'])
  expect(marked('same', 'same')).toEqual(['[]same', '[]same'])
})

test('where words have no spaces between, a character is a word', () => {
  expect(marked('今日は天気がいい', '今日は気分がいい')).toEqual(['今日は[天気]がいい', '今日は[気分]がいい'])
})

test('no character is cut: surrogate pairs, marks, skin tones, families, flags', () => {
  expect(marked('a 👍 b', 'a 👎 b')).toEqual(['a [👍] b', 'a [👎] b'])
  expect(marked('a 👍🏽 b', 'a 👍🏿 b')).toEqual(['a [👍🏽] b', 'a [👍🏿] b'])
  expect(marked('a 👍 b', 'a 👍🏿 b')).toEqual(['a [👍] b', 'a [👍🏿] b'])
  expect(marked('a 👨‍👩‍👧 b', 'a 👨‍👩‍👦 b')).toEqual(['a [👨‍👩‍👧] b', 'a [👨‍👩‍👦] b'])
  expect(marked('a 🇩🇪 b', 'a 🇩🇰 b')).toEqual(['a [🇩🇪] b', 'a [🇩🇰] b'])
  expect(marked('ne\u0301e', 'nee')).toEqual(['[ne\u0301e]', '[nee]'])
  expect(marked('𝐚𝐛𝐜 d', '𝐚𝐝𝐜 d')).toEqual(['[𝐚𝐛𝐜] d', '[𝐚𝐝𝐜] d'])
})

test('the ends of a word without end are not looked for', () => {
  const [a, b] = [`${'x'.repeat(100)}1${'y'.repeat(100)}`, `${'x'.repeat(100)}2${'y'.repeat(100)}`]
  expect(differing(a, b)).toEqual([{ from: 100, to: 101 }, { from: 100, to: 101 }])
})

test('what is not marked is the same in both, and no pair is cut, whatever the texts are', () => {
  const words = fc.array(fc.constantFrom('a', 'B', '7', ' ', '\n', '.', '👍', '🏿', '\u200d', '\u0301', '𝐚', '語', '🇩'), { maxLength: 30 }).map((parts) => parts.join(''))
  fc.assert(fc.property(words, words, (one, other) => {
    const [a, b] = differing(one, other)
    expect(one.slice(0, a.from)).toBe(other.slice(0, b.from))
    expect(one.slice(a.to)).toBe(other.slice(b.to))
    for (const [text, at] of [[one, a.from], [one, a.to], [other, b.from], [other, b.to]] as const) expect(between(text, at)).toBe(at)
  }))
})

test('a place between the halves of a character is before it', () => {
  expect([0, 1, 2, 3, 4].map((at) => between('a👍b', at))).toEqual([0, 1, 1, 3, 4])
})
