import type { Client, Note, NoteBody, Operation, OutboxItem, ProblemAction } from '../../src/index.js'
import { useClient } from '../provider.js'
import { useOutbox } from '../use-connection.js'
import { useNote } from '../use-note.js'
import { useReadable } from '../use-readable.js'
import { giveUp } from './give-up.js'
import { mayWrite } from './may-write.js'
import { useUserId } from './use-user-id.js'
import { bodyOf, superseded, writtenIn } from './written.js'

/** What `RefusedEdits` is told. */
export interface RefusedEditsProps {
  /** The note whose edits are shown. By default those of all notes and folders, each with its name. */
  noteId?: string
  /** A text was copied into a new note, which can be opened now. */
  onOpen?: (noteId: string) => void
}

/**
 * Edits that the server refused (section 6): why, and what can be done. They are kept until somebody chooses: to send one again,
 * to copy its text into a new note, or to discard it. Later edits of the same note wait for it; what is copied has them, too, and
 * they are discarded with it where they are refused in their turn. Nothing if there are none.
 */
export function RefusedEdits({ noteId, onOpen }: RefusedEditsProps) {
  const { items, refused } = useOutbox()
  const shown = refused.filter((item) => noteId === undefined || subjectOf(item) === noteId)
  if (shown.length === 0) return null
  return (
    <section className="nw-refused" aria-label="Edits that were refused">
      {shown.map((item) => (
        <RefusedEdit
          key={item.mutation.mutationId} item={item} later={items.slice(items.indexOf(item) + 1).filter((each) => subjectOf(each) === subjectOf(item))}
          named={noteId === undefined} onOpen={onOpen}
        />
      ))}
    </section>
  )
}

interface RefusedEditProps {
  item: OutboxItem
  /** What waits for it. */
  later: readonly OutboxItem[]
  /** It says of what it is. */
  named: boolean
  onOpen: ((noteId: string) => void) | undefined
}

function RefusedEdit({ item, later, named, onOpen }: RefusedEditProps) {
  const client = useClient()
  const userId = useUserId()
  const note = useNote(subjectOf(item))
  const folders = useReadable(client.folders)
  const { mutation, problem } = item
  const action = problem?.action ?? 'show'
  const written = writtenIn([item]) && writtenIn([item, ...later]) // of a note that is gone there is nothing else
  const may = written !== undefined && note !== undefined && mayWrite(note, userId, Date.now())
  const again = action === 'copy' ? may : action !== 'show'
  const name = note?.title ?? written?.title ?? folders.find(({ id }) => id === subjectOf(item))?.name ?? 'Untitled'
  const discard = () => giveUp(client, item, later)
  const retry = () => {
    const corrected = action === 'change' && superseded(item, later) // it is refused as often as it is sent
    if (corrected) client.discard(mutation.mutationId)
    else client.retry(mutation.mutationId)
  }
  const rescue = (text: NoteBody) => {
    const id = copy(client, note, text)
    discard()
    onOpen?.(id)
  }
  return (
    <div className="nw-refused-edit" role="alert">
      <p>
        <strong>{named && `${name}: `}{problem?.sentence ?? 'The server did not accept this change.'}</strong>{' '}
        {[undone[mutation.op], (written || action === 'choose') && advice[action], waiting(later.length)].filter(Boolean).join(' ')}
      </p>
      <div className="nw-status-actions">
        {again && <button type="button" onClick={retry}>{action === 'choose' ? 'Keep mine' : 'Try again'}</button>}
        {written && action !== 'renew' && <button type="button" onClick={() => rescue(written)}>Copy into a new note</button>}
        <button type="button" onClick={discard}>{action === 'choose' ? 'Take theirs' : 'Discard'}</button>
      </div>
    </div>
  )
}

/** What was written goes into a note of its own. */
function copy(client: Client, note: Note | undefined, written: NoteBody): string {
  const rescued = note || written.encryptedTitle ? {} : { title: 'Rescued text' }
  const { done, noteId } = client.createNote({ ...rescued, ...bodyOf(note ?? written) })
  done.catch(() => {}) // a refusal is in the outbox
  return noteId
}

function subjectOf({ mutation }: OutboxItem): string {
  return 'noteId' in mutation ? mutation.noteId : mutation.folderId
}

/** What else the server refuses is not kept: it says nothing that somebody wrote. */
const undone: Readonly<Partial<Record<Operation['op'], string>>> = {
  create: 'The note was not saved.',
  edit: 'Your edit was not saved.',
  folder_create: 'The folder was not saved.',
  folder_update: 'The folder was not changed.',
}

const advice: Readonly<Partial<Record<ProblemAction, string>>> = {
  renew: 'Try again: it is made under another id.',
  choose: 'It is kept here until you choose.',
  copy: 'Your text is kept here; it can go into a note of its own.',
  change: 'Make it smaller or otherwise right, and try again.',
}

function waiting(later: number): string {
  return later === 0 ? '' : later === 1 ? '1 later edit waits for it.' : `${later} later edits wait for it.`
}
