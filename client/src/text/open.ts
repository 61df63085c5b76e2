import type { Note, Pending, TextSession } from '../api.js'
import type { Account } from '../account/account.js'
import { bodyFields, sameBase, seenBase } from '../outbox/coalesce.js'
import type { Item } from '../outbox/item.js'
import type { Readable } from '../readable.js'
import { subjectOf } from '../protocol/subject.js'
import { noteWith } from '../store/view.js'
import { Session } from './session.js'

/** What opening a note in an editor takes. */
export interface OpenText {
  readonly noteId: string
  readonly tab: string
  /** The account as it is then. */
  readonly account: () => Account
  readonly note: Readable<Note | undefined>
  readonly edit: (content: string, onto: string | undefined) => Pending<Note>
}

/** Opens a note in an editor. */
export function openText({ noteId, tab, account, note, edit }: OpenText): TextSession {
  const mine = () => account().outbox.queue.filter(item => subjectOf(item.mutation) === noteId)
  const draft = () => mine().findLast(item => item.status === 'draft' && item.tab === tab && bodyFields(item.mutation).includes('content'))
  /** What an edit of the note is made on now. */
  const seen = (item: Item) => seenBase(mine().filter(each => each !== item), bodyFields(item.mutation), account().state.notes.get(noteId)?.version ?? 0)
  const typed = draft()
  // What another tab added after a draft is what the user sees: the editor begins with that. And what a draft was made on is known
  // only while nothing has come between: else the draft is sent as it is, for the server to merge.
  const last = typed && typed === mine().findLast(item => bodyFields(item.mutation).includes('content'))
  if (typed && !(last && (typed.mutation.op !== 'edit' || sameBase(typed.mutation.base, seen(typed))))) void account().outbox.flush(noteId)
  return new Session({
    draft, edit,
    beneath: () => {
      const over = draft()
      return noteWith(account().state.notes.get(noteId), mine().filter(item => item !== over), account().userId)?.content
    },
    redraft: (item, content) => {
      const { mutation } = item
      if (mutation.op !== 'edit') return
      const base = seen(item)
      const { base: _, ...rest } = mutation
      account().outbox.redraft({ ...item, mutation: { ...rest, changes: { ...mutation.changes, content }, ...(base ? { base } : {}) } })
    },
    flush: () => account().outbox.flush(noteId),
    subscribe: listener => note.subscribe(listener),
  })
}
