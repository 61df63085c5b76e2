import { useCallback, useEffect, useState } from 'react'

function read(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('note')
}

/** Where a note is, as others may be sent it; null: the list. */
export function noteUrl(noteId: string | null, as?: string): string {
  const url = new URL(location.href)
  url.search = as === undefined ? '' : `?as=${encodeURIComponent(as)}`
  url.hash = noteId === null ? '' : `note=${noteId}`
  return url.href
}

/** The note in the address: it can be sent to others, and "back" goes back. */
export function useHashNote() {
  const [noteId, setNoteId] = useState(read)
  useEffect(() => {
    const look = () => setNoteId(read())
    addEventListener('popstate', look)
    addEventListener('hashchange', look)
    return () => {
      removeEventListener('popstate', look)
      removeEventListener('hashchange', look)
    }
  }, [])
  const open = useCallback((id: string | null) => {
    if (id === read()) return
    const url = new URL(location.href)
    url.hash = id === null ? '' : `note=${id}`
    if (id !== null && read() !== null) history.replaceState(null, '', url) // from note to note "back" leads to the list
    else history.pushState(null, '', url)
    setNoteId(id)
  }, [])
  return [noteId, open] as const
}
