import { useCallback } from 'react'
import { useClient } from '../../../react/index'
import { fieldsFor, type Filter } from '../list/filter'

/** Makes a note where one is: in the folder that is shown, with its tag. */
export function useNewNote(filter: Filter, setFilter: (filter: Filter) => void, open: (id: string) => void): () => void {
  const client = useClient()
  return useCallback(() => {
    const fields = fieldsFor(filter)
    if (!fields) setFilter({ kind: 'all' })
    const made = client.createNote({ title: '', content: '', ...fields })
    made.done.catch(() => {}) // a refusal is in the outbox
    open(made.noteId)
  }, [client, filter, setFilter, open])
}
