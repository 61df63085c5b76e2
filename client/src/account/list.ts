import { request, type Http } from '../connection/http.js'
import { NotewireError, problem } from '../protocol/errors.js'
import type { ServerFolder, ServerNote } from '../protocol/note.js'
import { has, noteOf } from '../protocol/parse.js'

/** All of an account, as a list shows it. */
export interface Listed {
  readonly notes: readonly ServerNote[]
  readonly folders: readonly ServerFolder[]
}

/** Reads all notes, those in the trash too, and all folders. */
export async function listAll(http: Http, signal: AbortSignal): Promise<Listed> {
  const notes: ServerNote[] = []
  for (const deleted of ['', '&deleted=true']) {
    for (let after = ''; ; ) {
      const page = await request(http, 'GET', `/api/notes?order=id&limit=100${deleted}${after}`, undefined, { signal })
      if (!has(page, 'cursor:s') || !Array.isArray(page.notes)) throw notNotewires()
      for (const each of page.notes as unknown[]) {
        const note = noteOf(each)
        if (note) notes.push(note)
      }
      if (typeof page.nextCursor !== 'string') break
      after = `&after=${encodeURIComponent(page.nextCursor)}`
    }
  }
  return { notes, folders: await listFolders(http, signal) }
}

async function listFolders(http: Http, signal: AbortSignal): Promise<readonly ServerFolder[]> {
  try {
    const page = await request(http, 'GET', '/api/folders', undefined, { signal })
    if (!has(page, 'cursor:s') || !Array.isArray(page.folders)) throw notNotewires()
    return page.folders.filter((each): each is ServerFolder => has(each, 'id:s name:s'))
  } catch (error) {
    if (error instanceof NotewireError && error.problem.status === 404) return [] // a server without folders
    throw error
  }
}

function notNotewires(): NotewireError {
  return new NotewireError(problem('network', 'an answer that is not Notewire’s'))
}
