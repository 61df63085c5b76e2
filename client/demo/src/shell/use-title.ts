import { useEffect } from 'react'
import { useNote } from '../../../react/index'
import { titleOf } from '../list/text'

/** The page's title is the open note's. */
export function useTitle(noteId: string | null): void {
  const note = useNote(noteId)
  const title = note ? `${titleOf(note)} – Notewire` : 'Notewire'
  useEffect(() => {
    document.title = title
  }, [title])
}
