import { useMemo } from 'react'
import type { Note } from '../../../src/index'

const words = new Intl.Segmenter(undefined, { granularity: 'word' })

/** Beyond this the words are not counted at each key, in UTF-16 units. */
const most = 50_000

/** What a note is, in figures. */
export function Footer({ note, user }: { note: Note; user: string }) {
  const count = useMemo(() => {
    if (note.content.length > most) return `${note.content.length.toLocaleString()} characters`
    let n = 0
    for (const { isWordLike } of words.segment(note.content)) if (isWordLike) n++
    return n === 1 ? '1 word' : `${n.toLocaleString()} words`
  }, [note.content])
  const expires = note.expiresAt !== null && note.expiresAt > Date.now() ? ` · read-only from ${new Date(note.expiresAt).toLocaleString()}` : ''
  return (
    <footer className="note-footer">
      {note.encryptedContent === null && <span>{count}</span>}
      <span>{note.version === 0 ? 'not sent yet' : `version ${note.version}`}</span>
      {note.userId !== user && <span>owned by {note.userId}</span>}
      <span className="edited">edited {new Date(note.updatedAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}{expires}</span>
    </footer>
  )
}
