import { useEffect, useState } from 'react'
import type { Conflict, ServerNote } from '../../src/index.js'
import { useClient } from '../provider.js'
import { useConflicts } from '../use-connection.js'
import { useNote } from '../use-note.js'
import { between, differing, type Range } from './differing.js'
import { mayWrite } from './may-write.js'
import { sentenceOf } from './sentence.js'
import { useUserId } from './use-user-id.js'

/**
 * Edits that met another at one place (section 16): both sides, and a choice for those who may write in the note. Of one note,
 * or without `noteId` of all. Nothing if there are none.
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
  const userId = useUserId()
  const [kept, setKept] = useState<ServerNote | null>(null)
  const [taking, setTaking] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  const { noteId, version } = conflict
  const hasKept = Boolean(conflict.kept)
  useEffect(() => {
    let current = true
    if (hasKept) client.kept(noteId, version).then((k) => current && setKept(k.note), () => {})
    return () => {
      current = false
    }
  }, [client, noteId, version, hasKept])
  const [here, there] = note && kept ? differing(note.content, kept.content) : []
  const choice = hasKept && note !== undefined && mayWrite(note, userId, Date.now())
  const takeKept = () => {
    setTaking(true)
    const { done } = client.revertNote(noteId, version, { kept: true })
    done.then(() => conflict.dismiss(), (e: unknown) => {
      setTaking(false)
      setRefused(sentenceOf(e))
    })
  }
  return (
    <article className="nw-conflict">
      <p>
        <strong>Two people changed the same place</strong> ({conflict.fields.map((f) => (f === 'content' ? 'text' : f)).join(', ')}). Both versions are kept.
      </p>
      {kept && note && here && there && (
        <div className="nw-sides">
          <Side name="In the note" title={kept.title === note.title ? null : note.title} content={note.content} differs={here} />
          <Side name="The other version" title={kept.title === note.title ? null : kept.title} content={kept.content} differs={there} />
        </div>
      )}
      {refused !== null && <p className="nw-status-error" role="alert">{refused}</p>}
      <div className="nw-status-actions">
        <button type="button" disabled={taking} onClick={() => conflict.dismiss()}>{choice ? 'Keep the note as it is' : 'Dismiss'}</button>
        {choice && <button type="button" disabled={taking} onClick={takeKept}>Use the other version</button>}
      </div>
    </article>
  )
}

/** How much of the text is shown around what differs, in UTF-16 units. */
const around = 48

/** One side, where it differs from the other. */
function Side({ name, title, content, differs: { from, to } }: { name: string; title: string | null; content: string; differs: Range }) {
  const [begin, end] = [between(content, Math.max(0, from - around)), between(content, Math.min(content.length, to + around))]
  return (
    <section aria-label={name}>
      <h3>{name}</h3>
      <pre tabIndex={0}>
        {title !== null && <strong>{`${title}\n`}</strong>}
        {begin > 0 && '…'}
        {content.slice(begin, from)}
        <ins>{content.slice(from, to)}</ins>
        {content.slice(to, end)}
        {end < content.length && '…'}
      </pre>
    </section>
  )
}
