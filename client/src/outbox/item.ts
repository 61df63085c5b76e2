import type { OutboxItem } from '../api.js'

/**
 * An edit that is not settled, as it is kept. `draft`: still gathered, by the tab that owns it alone. `queued`: to be sent;
 * whatever was sent once keeps its content, because its id stands for it.
 */
export interface Item extends OutboxItem {
  /** The mutation's. */
  readonly id: string
  /** Its place among all of the account on this device. */
  readonly order: number
  /** The tab that made it. */
  readonly tab: string
  /** When a draft leaves. */
  readonly dueAt: number
  /** Where an acknowledged one is in the account's log: it is settled when the stream has come that far. */
  readonly cursor?: string
  /** It is durable on this device as it is now. */
  readonly stored: boolean
  /** How far the server's state went when it was sent. */
  readonly sentAt?: string
}
