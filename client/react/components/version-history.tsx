import { useId, useState } from 'react'
import { useClient } from '../provider.js'
import { useHistory } from '../use-history.js'
import { useNote } from '../use-note.js'
import { sentenceOf } from './sentence.js'
import { VersionEntry, entryOfGroup, entryOfVersion } from './version-entry.js'

/** What `VersionHistory` is told. */
export interface VersionHistoryProps {
  /** Whose history. */
  noteId: string
  /** A version was restored, and the server has done it. */
  onRestored?: (version: number) => void
  /** What to call somebody; by default his user id. */
  nameOf?: (userId: string) => string
  /** Joins versions made within so many minutes, until every version is asked for: 5 by default, 0 shows them all. */
  groupMinutes?: number
  /** False where the note cannot be written in. True by default. */
  canRestore?: boolean
  /** False where there is a heading already. True by default. */
  heading?: boolean
}

/**
 * The versions of a note: what changed in each, how it was, and a way back. Restoring makes a new version, so nothing is
 * lost by it.
 */
export function VersionHistory({ noteId, onRestored, nameOf = (id) => id, groupMinutes = 5, canRestore = true, heading = true }: VersionHistoryProps) {
  const client = useClient()
  const head = useNote(noteId)?.version ?? 0
  const [every, setEvery] = useState(groupMinutes === 0)
  const [open, setOpen] = useState<number | null>(null) // where it begins: the newest grows while it is looked at
  const { versions, groups, loading, error, loadMore } = useHistory(noteId, every ? {} : { group: groupMinutes })
  const entries = every ? versions.map(entryOfVersion) : groups.map(entryOfGroup)
  const [refused, setRefused] = useState<string | null>(null)
  const why = refused ?? error?.sentence
  const everyId = useId()
  const restore = (version: number) => {
    client.revertNote(noteId, version).done.then(() => onRestored?.(version), (e: unknown) => setRefused(sentenceOf(e)))
    setRefused(null)
    setOpen(null)
  }
  return (
    <section className="nw-history" aria-label="Version History">
      {heading && <h2>Version History</h2>}
      {groupMinutes > 0 && (
        <label className="nw-every" htmlFor={everyId}>
          <input id={everyId} type="checkbox" checked={every} onChange={(event) => setEvery(event.target.checked)} />
          Show every version
        </label>
      )}
      {why && <p className="nw-status-error" role="alert">{why}</p>}
      {!loading && !error && entries.length === 0 && <p className="nw-quiet">No history available</p>}
      <ol aria-busy={loading}>
        {entries.map((entry) => (
          <VersionEntry
            key={`${noteId} ${entry.from}`} noteId={noteId} entry={entry} nameOf={nameOf} isHead={entry.to === head} open={open === entry.from} canRestore={canRestore}
            onToggle={() => setOpen(open === entry.from ? null : entry.from)} onRestore={() => restore(entry.to)}
          />
        ))}
      </ol>
      {loading && entries.length === 0 && <p className="nw-quiet" role="status">Loading…</p>}
      {loadMore && !loading && <button type="button" className="nw-more" onClick={loadMore}>Show older versions</button>}
    </section>
  )
}
