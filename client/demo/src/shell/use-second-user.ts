import { useClient, useNote } from '../../../react/index'
import { noteUrl } from './use-hash-note'
import { useWorkbench } from './workspace-provider'
import { asked } from '../ui/asked'

/** Somebody else to be in a second tab. */
export interface SecondUser {
  readonly name: string
  /** Where he is, at the note that is open here. */
  readonly href: string
  /** Lets him write in it, where one may. */
  readonly share: () => void
}

/** In local mode anybody may be two; null: it is not, or nobody is to be let in here. */
export function useSecondUser(noteId: string | null): SecondUser | null {
  const client = useClient()
  const { session } = useWorkbench()
  const note = useNote(noteId)
  if (!session.local) return null
  const name = session.user === 'bob' ? 'alice' : 'bob'
  const share = () => {
    if (!note || note.userId !== session.user || note.deleted || note.collaborators.includes(name)) return
    asked(client.shareNote(note.id, { members: [{ userId: name, role: 'write' }] }))
  }
  return { name, href: noteUrl(noteId, name), share }
}
