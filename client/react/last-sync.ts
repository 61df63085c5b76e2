import type { Client } from '../src/index.js'
import { Cell } from '../src/readable.js'
import type { Readable } from '../src/readable.js'
import { watchSync } from './sync-events.js'

const cells = new WeakMap<Client, Cell<number | null>>()

/** When something last came from another device, in milliseconds since 1970: the same for all of a page, since it was first asked for. */
export function lastSyncOf(client: Client): Readable<number | null> {
  const known = cells.get(client)
  if (known) return known
  const cell = new Cell<number | null>(null)
  cells.set(client, cell)
  watchSync(client, { handlers: () => ({}), synced: () => cell.set(Date.now()), refused: () => {} })
  return cell
}
