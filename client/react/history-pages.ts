import type { HistoryPage, NoteVersion, VersionGroup } from '../src/index.js'

/** The part of a history that was read, newest first and without a gap. */
export interface Pages {
  /** What was asked: of which note, and how it is grouped. */
  readonly of: string
  readonly versions: readonly NoteVersion[]
  readonly groups: readonly VersionGroup[]
  /** Where the next page begins; null after the last. */
  readonly next: number | null
}

/** Nothing yet. */
export function none(of: string): Pages {
  return { of, versions: [], groups: [], next: null }
}

/** With the first page read anew. What was read before it stays where the page reaches it: who looks at what is old does not lose his place. */
export function refreshed(had: Pages, { versions = [], groups = [], next }: HistoryPage): Pages {
  const page = { of: had.of, versions, groups, next }
  const oldest = versions.at(-1)?.version ?? groups.at(-1)?.from
  const newest = had.versions[0]?.version ?? had.groups[0]?.to
  if (next === null || oldest === undefined || newest === undefined || newest < oldest - 1) return page
  if (had.groups.some(group => group.from < oldest && group.to >= oldest)) return page // a long group was cut there
  return {
    of: had.of, next: had.next,
    versions: [...versions, ...had.versions.filter(each => each.version < oldest)],
    groups: [...groups, ...had.groups.filter(each => each.to < oldest)],
  }
}

/** With the page that was asked for as the next one; an answer that comes twice changes nothing. */
export function continued(had: Pages, asked: number, { versions = [], groups = [], next }: HistoryPage): Pages {
  if (had.next !== asked) return had
  return { of: had.of, versions: [...had.versions, ...versions], groups: [...had.groups, ...groups], next }
}
