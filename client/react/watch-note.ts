import type { Client, ServerNote } from '../src/index.js'
import { NotewireError } from '../src/index.js'

/** How long a request is put off that failed, in milliseconds, if the server does not say how long. */
const pause = 5000

/** What the server does not show to who is no member. */
const strangers = { collaborators: [], roles: {}, folderId: null, tags: [], starred: false, archived: false, hidden: false, hiddenAt: null }

/**
 * Follows a note that is in none of the account's lists, such as a public one of somebody else's: it has a log of its own, which
 * is asked for news. Tells of each state of it, and of null when it cannot be read. Returns what ends it.
 */
export function watchNote(client: Client, noteId: string, tell: (note: ServerNote | null) => void): () => void {
  let current = true
  let timer: ReturnType<typeof setTimeout> | undefined
  const path = `/api/notes/${encodeURIComponent(noteId)}`
  const get = (route: string) => client.request('GET', `${path}${route}`)
  const poll = async (query: string) => ((await get(`/changes?${query}`)) as { cursor: string }).cursor

  const follow = async () => {
    let cursor = await poll('wait=0')
    while (current) {
      const note = (await get('')) as ServerNote
      if (!current) return
      tell({ ...strangers, ...note })
      for (const before = cursor; current && cursor === before; ) cursor = await poll(`wait=20&cursor=${encodeURIComponent(before)}`)
    }
  }
  const run = () => {
    follow().catch((e: unknown) => {
      if (!current) return
      const why = e instanceof NotewireError ? e.problem : undefined
      if (why && why.action !== 'retry') tell(null)
      else timer = setTimeout(run, why?.retryAfterMs ?? pause)
    })
  }
  run()
  return () => {
    current = false
    clearTimeout(timer)
  }
}
