import type { TextChange } from '../api.js'

/** The text after changes. They are in order of position and do not overlap; positions are those of the text before all of them. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
  let after = ''
  let at = 0
  for (const { from, to, insert } of changes) {
    after += text.slice(at, from) + insert
    at = to
  }
  return after + text.slice(at)
}

/** The one change from a text to another, or none: what is the same at both ends stays. Never cuts a character in two. */
export function diff(before: string, after: string): readonly TextChange[] {
  if (before === after) return []
  const most = Math.min(before.length, after.length)
  let start = 0
  while (start < most && before[start] === after[start]) start++
  if (isHigh(before, start - 1)) start--
  let end = 0
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  if (end > 0 && isLow(before, before.length - end)) end--
  return [{ from: start, to: before.length - end, insert: after.slice(start, after.length - end) }]
}

function isHigh(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xd800 && unit < 0xdc00
}

function isLow(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit < 0xe000
}

/**
 * Changes of a text, moved to where they are after others of the same text; undefined if both touch one place, unless both
 * only insert there.
 *
 * @param first whether what the others insert at the same place is before it
 */
export function moved(changes: readonly TextChange[], others: readonly TextChange[], first = true): readonly TextChange[] | undefined {
  const result: TextChange[] = []
  for (const change of changes) {
    let shift = 0
    for (const other of others) {
      const same = other.from === other.to && change.from === change.to && other.from === change.from
      if (!same && other.from <= change.to && other.to >= change.from) return undefined
      if (same ? first : other.to < change.from) shift += other.insert.length - (other.to - other.from)
    }
    result.push({ from: change.from + shift, to: change.to + shift, insert: change.insert })
  }
  return result
}
