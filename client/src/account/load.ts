import type { Storage } from '../adapters.js'
import type { Item } from '../outbox/item.js'
import type { ServerFolder, ServerNote } from '../protocol/note.js'
import { has } from '../protocol/parse.js'
import { emptyState, type ServerState } from '../store/state.js'

/** What a device has kept of an account. */
export interface Kept {
  readonly state: ServerState
  /** The unsettled edits, in their order. */
  readonly items: readonly Item[]
}

/** Reads what a device has kept of an account. */
export async function load(storage: Storage, scope: string): Promise<Kept> {
  const [meta, notes, folders, items] = await Promise.all([
    storage.read(scope, 'meta'), storage.read(scope, 'note'), storage.read(scope, 'folder'), loadItems(storage, scope),
  ])
  const kept = meta.find(([key]) => key === 'state')?.[1]
  if (!has(kept, 'cursor:s complete:a')) return { state: emptyState, items }
  return {
    items,
    state: {
      cursor: kept.cursor as string,
      complete: kept.complete === true,
      truncated: new Map(Array.isArray(kept.truncated) ? kept.truncated.filter((each): each is [string, { version: number; cursor: string }] => Array.isArray(each) && has(each[1], 'version:n cursor:s')) : []),
      notes: new Map(notes as readonly (readonly [string, ServerNote])[]),
      folders: new Map(folders as readonly (readonly [string, ServerFolder])[]),
    },
  }
}

/** The unsettled edits that a device has kept. */
export async function loadItems(storage: Storage, scope: string): Promise<readonly Item[]> {
  const rows = await storage.read(scope, 'outbox')
  return rows.map(([, value]) => ({ ...(value as Item), stored: true })).filter(item => has(item, 'id:s order:n mutation:o')).sort((a, b) => a.order - b.order)
}
