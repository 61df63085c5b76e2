import type { Note, OutboxItem } from '../../../src/index'
import { useClient, useOutbox } from '../../../react/index'
import { Icon } from '../ui/icon'

export interface RefusedNoticeProps {
  noteId: string
  /** Undefined if it is not there any more. */
  note?: Note | undefined
  onOpen: (id: string) => void
}

/** Edits of a note that the server did not take. They are kept until somebody says what becomes of them. */
export function RefusedNotice({ noteId, note, onOpen }: RefusedNoticeProps) {
  const { refused } = useOutbox()
  return refused
    .filter(({ mutation }) => 'noteId' in mutation && mutation.noteId === noteId)
    .map(item => <OneRefused key={item.mutation.mutationId} item={item} note={note} onOpen={onOpen} />)
}

function OneRefused({ item, note, onOpen }: { item: OutboxItem; note: Note | undefined; onOpen: (id: string) => void }) {
  const client = useClient()
  const { mutation, problem } = item
  const text = textOf(item)
  const discard = () => client.discard(mutation.mutationId)
  const copy = () => {
    // The note as it is seen has later edits too.
    const made = client.createNote({ title: note?.title ?? text?.title ?? 'Rescued text', content: note?.content ?? text?.content ?? '' })
    made.done.catch(() => {}) // a refusal is in the outbox
    discard()
    onOpen(made.noteId)
  }
  const choose = problem?.action === 'choose'
  const again = problem?.action !== 'copy' && problem?.action !== 'show'
  return (
    <div className="notice bad" role="alert">
      <Icon name="alert" />
      <p>
        <strong>{problem?.sentence ?? 'The server did not accept this change.'}</strong> {words[problem?.action ?? 'show']}
      </p>
      <div className="row">
        {again && <button type="button" className="button small" onClick={() => client.retry(mutation.mutationId)}>{choose ? 'Keep mine' : 'Try again'}</button>}
        {text && <button type="button" className="button small" onClick={copy}>Copy into a new note</button>}
        <button type="button" className="button small" onClick={discard}>{choose ? 'Take theirs' : 'Discard'}</button>
      </div>
    </div>
  )
}

const words = {
  retry: 'It is sent again by itself.',
  'sign-in': 'It is sent when you are signed in.',
  renew: 'It is sent again by itself.',
  choose: 'Your edit is kept here until you choose.',
  copy: 'Your text is kept here; it can go into a note of its own.',
  change: 'Make it smaller or otherwise right, and try again.',
  show: '',
} as const

/** What was written, where it was text. */
function textOf({ mutation }: OutboxItem): { title?: string | null; content?: string } | undefined {
  const body = mutation.op === 'edit' ? mutation.changes : mutation.op === 'create' ? mutation.note : undefined
  if (!body || (body.content === undefined && body.title === undefined)) return undefined
  return { ...(body.title === undefined ? {} : { title: body.title }), ...(body.content === undefined ? {} : { content: body.content }) }
}
