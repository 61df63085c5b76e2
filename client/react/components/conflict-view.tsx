import { useEffect, useState } from 'react'
import { diff } from '../../src/index.js'
import type { Conflict, ServerNote } from '../../src/index.js'
import { useClient } from '../provider.js'
import { useConflicts } from '../use-connection.js'
import { useNote } from '../use-note.js'

/**
 * Edits that met another at one place (section 16): both sides, and a choice. Of one note, or without `noteId` of all.
 * Nothing if there are none.
 */
export function ConflictView({ noteId }: { noteId?: string }) {
  const all = useConflicts()
  const conflicts = noteId === undefined ? all : all.filter((c) => c.noteId === noteId)
  if (conflicts.length === 0) return null
  return (
    <section className="nw-conflicts" aria-label="Edits that met">
      {conflicts.map((c) => (
        <OneConflict key={`${c.noteId} ${c.version}`} conflict={c} />
      ))}
    </section>
  )
}

function OneConflict({ conflict }: { conflict: Conflict }) {
  const client = useClient()
  const note = useNote(conflict.noteId)
  const [kept, setKept] = useState<ServerNote | null>(null)
  const { noteId, version } = conflict
  const hasKept = Boolean(conflict.kept)
  useEffect(() => {
    let current = true
    if (hasKept) client.kept(noteId, version).then((k) => current && setKept(k.note), () => {})
    return () => {
      current = false
    }
  }, [client, noteId, version, hasKept])
  const takeKept = () => {
    client.revertNote(noteId, version, { kept: true }).done.catch(() => {}) // a refusal is in the outbox
    conflict.dismiss()
  }
  return (
    <article className="nw-conflict">
      <p>
        <strong>Two people changed the same place</strong> ({conflict.fields.map((f) => (f === 'content' ? 'text' : f)).join(', ')}). Both versions are kept.
      </p>
      {kept && note && (
        <div className="nw-sides">
          <Side name="In the note" title={kept.title === note.title ? null : note.title} content={note.content} against={kept.content} />
          <Side name="The other version" title={kept.title === note.title ? null : kept.title} content={kept.content} against={note.content} />
        </div>
      )}
      <div className="nw-status-actions">
        <button type="button" onClick={() => conflict.dismiss()}>Keep the note as it is</button>
        {hasKept && <button type="button" onClick={takeKept}>Use the other version</button>}
      </div>
    </article>
  )
}

/** How much of the text is shown around what differs, in UTF-16 units. */
const around = 48

/** One side, where it differs from the other. */
function Side({ name, title, content, against }: { name: string; title: string | null; content: string; against: string }) {
  const change = diff(against, content)[0]
  const from = change?.from ?? 0
  const to = from + (change?.insert.length ?? 0)
  return (
    <section aria-label={name}>
      <h3>{name}</h3>
      <pre tabIndex={0}>
        {title !== null && <strong>{`${title}\n`}</strong>}
        {from > around && '…'}
        {content.slice(Math.max(0, from - around), from)}
        <ins>{content.slice(from, to)}</ins>
        {content.slice(to, to + around)}
        {to + around < content.length && '…'}
      </pre>
    </section>
  )
}
