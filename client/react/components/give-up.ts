import type { Client, OutboxItem } from '../../src/index.js'

/**
 * Discards a refused edit, and each of some later ones if it is refused in its turn: they were given up together. Those that the
 * server takes are taken.
 */
export function giveUp(client: Client, refused: OutboxItem, later: readonly OutboxItem[]): void {
  client.discard(refused.mutation.mutationId)
  const ids = new Set(later.map(({ mutation }) => mutation.mutationId))
  let end = () => {}
  const look = () => {
    const left = new Map(client.outbox.get().items.map(({ mutation, status }) => [mutation.mutationId, status]))
    for (const id of ids) {
      if (left.get(id) === 'refused') client.discard(id)
      if (left.get(id) === 'refused' || !left.has(id)) ids.delete(id)
    }
    if (ids.size === 0) end()
  }
  if (ids.size > 0) end = client.outbox.subscribe(look)
}
