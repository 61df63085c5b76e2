import { diff } from '../../src/index.js'

/** A part of a text, in UTF-16 units. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** Longer words are not looked for, in UTF-16 units. */
const most = 48

/** Where two texts differ, in each of them: whole words, and nothing if they are the same. */
export function differing(one: string, other: string): readonly [one: Range, other: Range] {
  const [change] = diff(one, other)
  if (!change) return [{ from: 0, to: 0 }, { from: 0, to: 0 }]
  const { from, to, insert } = change
  const end = from + insert.length
  const start = joined(one, from) || joined(other, from) ? wordStart(one, from) : from // before it, they are the same
  const more = joined(one, to) || joined(other, end) ? wordEnd(one, to) - to : 0 // and after it
  return [{ from: start, to: to + more }, { from: start, to: end + more }]
}

/** The place itself, or the one before it where a character would be cut in two. */
export function between(text: string, at: number): number {
  return at > 0 && at < text.length && charBefore(text, at + 1).length === 2 ? at - 1 : at
}

function wordStart(text: string, at: number): number {
  let start = at
  do start -= charBefore(text, start).length
  while (joined(text, start) && at - start < most)
  return joined(text, start) ? at : start
}

function wordEnd(text: string, at: number): number {
  let end = at
  do end += charAfter(text, end).length
  while (joined(text, end) && end - at < most)
  return joined(text, end) ? at : end
}

const inWords = /[\p{L}\p{N}\p{M}\p{RI}_]/u
/** They write words without spaces between: each character counts as one. */
const alone = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
/** They belong to what is before them: marks, skin tones, and what joins emoji. */
const follows = /[\p{M}\p{EMod}\u200d]/u

/** Whether what is before a place and what is after it are one word, or one character as people see it. */
function joined(text: string, at: number): boolean {
  const before = charBefore(text, at)
  const after = charAfter(text, at)
  if (before === '' || after === '') return false
  return follows.test(after) || before === '\u200d' || [before, after].every((char) => inWords.test(char) && !alone.test(char))
}

function charBefore(text: string, at: number): string {
  const pair = text.slice(Math.max(0, at - 2), at)
  return pair.length === 2 && pair.codePointAt(0)! > 0xffff ? pair : pair.slice(-1)
}

function charAfter(text: string, at: number): string {
  const pair = text.slice(at, at + 2)
  return pair.length === 2 && pair.codePointAt(0)! > 0xffff ? pair : pair.slice(0, 1)
}
