import { subjectOf } from '../protocol/subject.js'
import { batchItem } from '../protocol/up.js'
import type { Item } from './item.js'
import type { Queue } from './queue.js'

/** What fits into one request. */
export interface BatchLimits {
  readonly items: number
  readonly bytes: number
}

/**
 * What is to be sent next, in order. Of one note an edit is never sent before an earlier one that is not through: not after
 * one that is still gathered, on its way, or refused.
 */
export function nextBatch(queue: Queue, limits: BatchLimits): Queue {
  const held = new Set<string>()
  const batch: Item[] = []
  let bytes = 0
  for (const item of queue) {
    const subject = subjectOf(item.mutation)
    if (item.status === 'acknowledged' || held.has(subject)) continue
    const size = item.status === 'queued' ? 3 * JSON.stringify(batchItem(item.mutation)).length : 0
    if (item.status !== 'queued' || (batch.length > 0 && (batch.length >= limits.items || bytes + size > limits.bytes))) {
      held.add(subject)
      continue
    }
    batch.push(item)
    bytes += size
  }
  return batch
}
