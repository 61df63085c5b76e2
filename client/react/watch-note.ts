import type { Client, ServerNote } from '../src/index.js'
import { NotewireError } from '../src/index.js'

/**
 * Follows a note that is in none of the account's lists, such as a public one of somebody else's: it has a log of its own, which
 * is asked for news. Tells of each state of it, and of null when it cannot be read. Returns what ends it.
 */
export function watchNote(client: Client, noteId: string, tell: (note: ServerNote | null) => void): () => void {
  let current = true
  const path = `/api/notes/${encodeURIComponent(noteId)}`
  const get = (route: string) => client.request('GET', `${path}${route}`)
  const run = async () => {
    let cursor = await poll(get, 'wait=0')
    for (;;) {
      const note = (await get('')) as ServerNote
      if (!current) return
      tell({ ...strangers, ...note })
      for (let before = cursor; current && cursor === before; ) cursor = await poll(get, `wait=20&cursor=${encodeURIComponent(before)}`)
    }
  }
  run().catch((e: unknown) => {
    const gone = e instanceof NotewireError && (e.problem.status ?? 0) >= 400
    if (current && gone) tell(null) // the network comes back with another connection, which watches again
  })
  return () => {
    current = false
  }
}

/** Who is no member is not shown who is one, and has no fields of his own. */
const strangers: Pick<ServerNote, 'collaborators' | 'roles' | 'folderId' | 'tags' | 'starred' | 'archived' | 'hidden' | 'hiddenAt'> = {
  collaborators: [], roles: {}, folderId: null, tags: [], starred: false, archived: false, hidden: false, hiddenAt: null,
}

async function poll(get: (route: string) => Promise<unknown>, query: string): Promise<string> {
  const { cursor } = (await get(`/changes?${query}`)) as { cursor: string }
  return cursor
}
