import { useEffect, useMemo, useState } from 'react'
import type { Note } from '../../../src/index'
import { ConflictView, RefusedEdits, colorOf, useClient, useConnection, useNote, usePresence } from '../../../react/index'
import type { Session } from '../session/session'
import { ShareDialog } from '../share/share-dialog'
import { readOnly } from './access'
import { Footer } from './footer'
import { NoteBar } from './note-bar'
import { ReadOnlyNotice } from './read-only-notice'
import type { Cursor } from './remote-cursors'
import { TagsField } from './tags-field'
import { TextEditor } from './text-editor'
import { TextView } from './text-view'
import { TitleField } from './title-field'
import { useExpiry } from './use-expiry'
import { asked } from '../ui/asked'

export interface OpenNoteProps {
  note: Note
  session: Session
  onBack: () => void
  onOpen: (id: string) => void
  historyOpen: boolean
  onHistory: () => void
  sharing: boolean
  onSharing: (open: boolean) => void
  onTag: (tag: string) => void
}

/** A note, as one writes in it. */
export function OpenNote({ note, session, onBack, onOpen, historyOpen, onHistory, sharing, onSharing, onTag }: OpenNoteProps) {
  const client = useClient()
  const now = useExpiry(note.expiresAt)
  const locked = readOnly(note, session.user, now)
  const [cursor, setCursor] = useState<Cursor | null>(null)
  const known = useNote(note.id) !== undefined
  const member = note.userId === session.user || note.collaborators.includes(session.user)
  const mine = useMemo(() => ({ name: session.name, color: colorOf(session.user), cursor }), [session, cursor])
  const others = usePresence(note.id, member && !note.deleted ? mine : undefined)
  const connected = useConnection().name === 'connected'
  const everyone = useMemo(() => others.filter(() => connected).filter(other => other.userId !== session.user || isElsewhere(other.data)), [others, session, connected])
  useEffect(() => () => onSharing(false), [onSharing])

  const copy = () => {
    const made = client.createNote({ title: `${note.title ?? ''} (copy)`.trim(), content: note.content, ...(note.blob === null ? {} : { blob: note.blob }) })
    made.done.catch(() => {}) // a refusal is in the outbox
    onOpen(made.noteId)
  }
  return (
    <main className="note" aria-label="Note">
      <NoteBar
        note={note} user={session.user} others={everyone} onBack={onBack} onCopy={copy} historyOpen={historyOpen} onHistory={onHistory}
        onShare={() => onSharing(true)}
      />
      <div className="notices">
        {locked && <ReadOnlyNotice locked={locked} onRestore={() => asked(client.restoreNote(note.id))} onCopy={copy} />}
        <RefusedEdits noteId={note.id} onOpen={onOpen} />
        <ConflictView noteId={note.id} />
      </div>
      <div className="page">
        <TitleField note={note} readOnly={locked !== null} />
        <TagsField note={note} readOnly={!member || note.deleted} onTag={onTag} />
        {note.encryptedContent === null && (known ? <TextEditor noteId={note.id} readOnly={locked !== null} others={everyone} onCursor={setCursor} /> : <TextView content={note.content} />)}
      </div>
      <Footer note={note} user={session.user} />
      {sharing && <ShareDialog note={note} session={session} onClose={() => onSharing(false)} onLeft={onBack} />}
    </main>
  )
}

/** One's own other tab or device is shown by its cursor, if it has one. */
function isElsewhere(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'cursor' in data && data.cursor !== null
}
