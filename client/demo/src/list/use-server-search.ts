import { useEffect, useState } from 'react'
import type { Note } from '../../../src/index'
import { useClient, useConnection } from '../../../react/index'

/** How long typing has to rest before the server is asked, in milliseconds. */
const rest = 350

/** What the server finds that this device does not keep. */
export function useServerSearch(query: string): { found: readonly Note[]; searching: boolean } {
  const client = useClient()
  const connected = useConnection().name === 'connected'
  const [answer, setAnswer] = useState<{ query: string; found: readonly Note[] }>({ query: '', found: [] })
  const wanted = connected && query.trim().length > 1
  useEffect(() => {
    if (!wanted) return
    let current = true
    const timer = setTimeout(() => {
      const show = (found: readonly Note[]) => current && setAnswer({ query, found })
      client.search(query).then(
        page => show(page.notes.map(note => ({ ...note, pending: false, saved: 'saved' }))),
        () => show([]), // what is on the device has been shown
      )
    }, rest)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [client, query, wanted])
  const answered = answer.query === query
  return { found: wanted && answered ? answer.found : none, searching: wanted && !answered }
}

const none: readonly Note[] = []
