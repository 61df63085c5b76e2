import type { NoteVersion, VersionGroup } from '../../src/index.js'
import { VersionDetail } from './version-detail.js'

/** One version, or several that were made one soon after the other. */
export interface Entry {
  readonly from: number
  readonly to: number
  readonly author: string | undefined
  readonly begun: number
  readonly ended: number
  readonly versions: number
  readonly ops: readonly string[]
  readonly changed: readonly string[]
  readonly revertedFrom: number | undefined
  /** Two edits met in it, and one of them gave way. */
  readonly conflict: boolean
}

export function entryOfVersion(v: NoteVersion): Entry {
  return {
    from: v.version, to: v.version, author: v.author, begun: v.timestamp, ended: v.timestamp, versions: 1, ops: [v.op], changed: v.changed,
    revertedFrom: v.revertedFrom, conflict: v.conflict !== undefined,
  }
}

export function entryOfGroup(g: VersionGroup): Entry {
  const { from, to, author, begun, ended, versions, ops, changed, revertedFrom } = g
  return { from, to, author, begun, ended, versions, ops, changed, revertedFrom, conflict: g.conflict !== undefined }
}

export interface VersionEntryProps {
  noteId: string
  entry: Entry
  nameOf: (userId: string) => string
  isHead: boolean
  open: boolean
  canRestore: boolean
  onToggle: () => void
  onRestore: () => void
}

/** A line of the history; open, it shows what changed. */
export function VersionEntry({ noteId, entry, nameOf, isHead, open, canRestore, onToggle, onRestore }: VersionEntryProps) {
  return (
    <li className="nw-entry" data-testid="version-item" data-version={entry.to}>
      <button type="button" className="nw-version" aria-expanded={open} onClick={onToggle}>
        <span className="nw-version-number">{entry.from === entry.to ? `v${entry.to}` : `v${entry.from}–${entry.to}`}</span>
        <span className="nw-version-what">
          {describe(entry, nameOf)}
          {isHead && <span className="nw-now">now</span>}
        </span>
        <time dateTime={new Date(entry.ended).toISOString()}>{span(entry)}</time>
      </button>
      {open && <VersionDetail noteId={noteId} from={entry.from} to={entry.to} isHead={isHead} canRestore={canRestore} onRestore={onRestore} />}
    </li>
  )
}

const doings: Record<string, string> = {
  create: 'created it', edit: 'edited', revert: 'restored an older version', share: 'changed who sees it', leave: 'left', trash: 'moved it to the trash', restore: 'took it out of the trash',
}

const fields: Record<string, string> = { content: 'the text', title: 'the title', blob: 'the data', type: 'the type' }

function describe(entry: Entry, nameOf: (userId: string) => string): string {
  const who = entry.author ? nameOf(entry.author) : 'Somebody'
  if (entry.revertedFrom !== undefined) return `${who} restored v${entry.revertedFrom}`
  const ops = entry.ops.filter((op) => op !== 'edit')
  const edited = entry.ops.includes('edit') ? [`edited ${list(entry.changed.flatMap((name) => fields[name] ?? [])) || 'it'}`] : []
  const did = list([...new Set(ops.map((op) => doings[op] ?? op)), ...edited])
  return `${who} ${did}${entry.conflict ? ', at the same time as somebody else' : ''}`
}

function list(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

function span({ begun, ended, versions }: Entry): string {
  const at = new Date(ended).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
  if (versions === 1) return at
  const minutes = Math.round((ended - begun) / 60_000)
  return `${at} · ${versions} changes${minutes > 0 ? ` in ${minutes} min` : ''}`
}
