import type { Clock, StorageWrite } from '../adapters.js'
import type { ClientEvent } from '../api.js'
import { later, sameEpoch } from '../protocol/cursor.js'
import { NotewireError, problem } from '../protocol/errors.js'
import type { Frame } from '../protocol/frames.js'
import type { Operation } from '../protocol/mutation.js'
import { subjectOf } from '../protocol/subject.js'
import { deferred, type Deferred } from './deferred.js'
import { Durable, type WriteAll } from './durable.js'
import type { Item } from './item.js'
import * as queues from './queue.js'
import type { Outcome, Queue } from './queue.js'

/** What an outbox needs. */
export interface OutboxEnv {
  readonly clock: Clock
  readonly tab: string
  readonly write: WriteAll
  readonly newId: () => string
  /** What the server has shown of a note; 0: nothing. */
  readonly version: (noteId: string) => number
  /** How far the server's state goes. */
  readonly cursor: () => string | null
  /** Whether the server's state has not all of a note: its text is still being read. */
  readonly partial: (subject: string) => boolean
  /** Items changed, or (undefined) are gone. */
  readonly onChange: (changes: readonly Change[]) => void
  /** Items of this tab are ready to be sent, by whoever sends. */
  readonly onReady: (items: readonly Item[]) => void
  readonly onEvent: (event: ClientEvent) => void
}

/** An item as it is now; undefined: settled or given up, and why. */
export interface Change {
  readonly id: string
  readonly item: Item | undefined
  readonly problem?: NonNullable<Item['problem']>
}

/** The edits of an account on this device that are not settled: each is durable here before it is sent. */
export class Outbox {
  #queue: Queue = []
  readonly #env: OutboxEnv
  readonly #durable: Durable
  readonly #waiting = new Map<string, Deferred<void>>()
  #cancelTimer = () => {}

  constructor(env: OutboxEnv) {
    this.#env = env
    this.#durable = new Durable(env.write)
  }

  get queue(): Queue {
    return this.#queue
  }

  /** Adds an edit of this tab. */
  add(op: Operation, gatherMs: number, onto?: string): { id: string; stored: Promise<void>; done: Promise<void> } {
    const [queue, item] = queues.add(this.#queue, op, {
      id: this.#env.newId(), tab: this.#env.tab, now: this.#env.clock.now(), gatherMs, onto,
      version: 'noteId' in op ? this.#env.version(op.noteId) : 0,
    })
    const hurry = queue.filter(each => each !== item && each.status === 'draft' && this.#own(each) && subjectOf(each.mutation) === subjectOf(item.mutation))
    const stored = this.#saveWritten(item)
    this.#set(queue, [item])
    const done = this.#waits(item.id).promise
    if (gatherMs === 0 || hurry.length) this.#leave([...hurry, ...(gatherMs === 0 ? [item] : [])])
    this.#schedule()
    stored.catch(() => {})
    return { id: item.id, stored, done }
  }

  /** Waits for the confirmation of an edit that is in the queue. */
  done(id: string): Promise<void> {
    return this.#queue.some(item => item.id === id && item.status !== 'acknowledged') ? this.#waits(id).promise : Promise.resolve()
  }

  /** Lets drafts of this tab leave now: those of one subject, or all. Resolves when they are stored. */
  async flush(subject?: string): Promise<void> {
    this.#leave(this.#drafts().filter(item => subject === undefined || subjectOf(item.mutation) === subject))
    await this.#durable.idle()
  }

  /** A draft of this tab, made anew on what the server or another tab has shown since: it has its place after that. */
  redraft(draft: Item): void {
    const rest = queues.remove(this.#queue, draft.id)
    const item = { ...draft, stored: false, order: Math.max(draft.order, (rest.at(-1)?.order ?? 0) + 1) }
    this.#saveWritten(item).catch(() => {})
    this.#set(queues.replace(rest, item), [item])
  }

  /** Takes in items of the storage or of another tab. */
  merge(items: readonly Item[]): void {
    const known = new Map(this.#queue.map(item => [item.id, item]))
    const fresh = items.filter(item => !known.get(item.id) || !this.#own(item) || known.get(item.id)?.status !== 'draft')
    this.#set(fresh.reduce(queues.replace, this.#queue), fresh)
    this.#schedule()
  }

  /** Gives all that it has to another outbox, with those who wait for it. */
  moveTo(other: Outbox): void {
    for (const [id, waits] of this.#waiting) other.#waiting.set(id, waits)
    this.#waiting.clear()
    other.merge(this.#queue)
    this.#queue = []
  }

  /** Takes out items that are no longer, as another tab says. */
  drop(changes: readonly Change[]): void {
    this.#set(changes.reduce((queue, { id }) => queues.remove(queue, id), this.#queue), [], changes)
  }

  /** What was being sent by another tab, or before a crash, is sent again: it is not known what became of it. */
  resume(): void {
    const sending = this.#queue.filter(item => item.status === 'sending').map(item => ({ ...item, status: 'queued' as const }))
    if (sending.length) this.#set(sending.reduce(queues.replace, this.#queue), sending)
  }

  /** Marks items as being sent, durably. False: this tab may not send any more. */
  async markSending(batch: Queue): Promise<boolean> {
    const sentAt = this.#env.cursor()
    const sending = batch.map(item => ({ ...item, status: 'sending' as const, attempts: item.attempts + 1, ...(sentAt === null ? {} : { sentAt }) }))
    let may: boolean
    try {
      may = await this.#save(sending.map(item => ({ ...item, status: 'queued' as const })))
    } catch (error) {
      this.#storageFailed(error)
      may = true // better sent than not
    }
    if (may) this.#set(sending.reduce(queues.replace, this.#queue), sending)
    return may
  }

  /** What became of an item that was sent. */
  settle(id: string, outcome: Outcome): void {
    const item = this.#queue.find(each => each.id === id)
    if (!item || item.status === 'acknowledged') return
    const next = queues.settle(item, outcome)
    if (outcome.type === 'renew') {
      const waits = this.#waiting.get(id)
      if (waits) this.#waiting.set(outcome.id, waits)
      this.#waiting.delete(id)
      this.#keep([next], [id])
      this.#set(queues.rebase(this.#queue.map(each => (each === item ? next : each)), id, { baseMutationId: outcome.id }), [next], [{ id, item: undefined }])
      return
    }
    if (outcome.type === 'acknowledged') {
      this.#keep([], [id])
      this.#env.onEvent({ type: 'acknowledged', mutationId: id, ms: this.#env.clock.now() - item.createdAt })
    } else if (outcome.type === 'refused') {
      const { current: _, base: __, ...told } = outcome.problem // notes are nothing for a log
      this.#env.onEvent({ type: 'refused', mutationId: id, problem: told })
      if (!queues.isWritten(item)) return this.#change(queues.remove(this.#queue, id), outcome.problem)
      this.#keep([next], [])
    }
    this.#set(queues.replace(this.#queue, next), [next])
    this.caughtUp(this.#env.cursor()) // its event came before its answer, or in a list
  }

  /** An event of the account's log: it may be what became of an item, and where it ends an acknowledged one is settled. */
  saw(frame: Frame, account: string, cursor: string | null): void {
    const own = 'mutationId' in frame && frame.mutationId !== undefined && frame.type !== 'error' &&
      (!('fromUserId' in frame) || frame.fromUserId === account)
    const came = this.#queue.find(item => own && item.id === frame.mutationId)
    if (came && cursor !== null && came.status !== 'acknowledged' && this.#env.partial(subjectOf(came.mutation))) this.settle(came.id, { type: 'acknowledged', cursor })
    this.caughtUp(cursor, came)
  }

  /**
   * Settles what the server's state has by now. What was written in a note whose text is still being read stays, or else the
   * user would see the text of before.
   */
  caughtUp(cursor: string | null, came?: Item): void {
    const gone = this.#queue.filter(item => (item.id === came?.id || this.#reached(item, cursor)) && !this.#env.partial(subjectOf(item.mutation)))
    if (gone.length) this.#settled(gone)
  }

  /** The notes were listed: what was acknowledged before is in the list, or of a log that is no more. */
  listed(cursor: string): void {
    const gone = this.#queue.filter(item => item.cursor !== undefined && (this.#reached(item, cursor) || !sameEpoch(item.cursor, cursor)))
    if (gone.length) this.#settled(gone)
  }

  /** Gives up a refused edit. */
  discard(id: string): void {
    const item = this.#queue.find(each => each.id === id)
    if (item?.status !== 'refused') return
    this.#change(queues.discard(this.#queue, id), problem('discarded', 'discarded', { mutationId: id }))
  }

  /** Sends a refused edit again. */
  retry(id: string): void {
    const newId = this.#env.newId()
    const refused = this.#queue.find(item => item.id === id)
    if (!refused) return
    const queue = queues.retry(this.#queue, id, newId, this.#env.newId(), this.#env.version(subjectOf(refused.mutation)))
    if (queue === this.#queue) return
    const waits = this.#waiting.get(id)
    if (waits) this.#waiting.set(newId, waits)
    this.#waiting.delete(id)
    this.#change(queue)
  }

  /** Resolves when all that was to be stored is. */
  idle(): Promise<void> {
    return this.#durable.idle()
  }

  close(): void {
    this.#cancelTimer()
  }

  #settled(gone: readonly Item[]): void {
    const stored = gone.filter(item => item.status !== 'acknowledged')
    if (stored.length) this.#keep([], stored.map(item => item.id))
    const queue = gone.reduce((rest, item) => queues.remove(rest, item.id), this.#queue)
    this.#set(queue, [], gone.map(({ id }) => ({ id, item: undefined })))
  }

  /** Whether the state has what was acknowledged. What was acknowledged in an epoch that is over is in the list that began the next. */
  #reached({ cursor: of, sentAt }: Item, cursor: string | null): boolean {
    if (of === undefined || cursor === null) return false
    return sameEpoch(of, cursor) ? !later(of, cursor) : sentAt !== undefined && sameEpoch(of, sentAt)
  }

  /** Another queue altogether: keeps and tells what is different. */
  #change(queue: Queue, why?: NonNullable<Item['problem']>): void {
    const had = new Map(this.#queue.map(item => [item.id, item]))
    const changed = queue.filter(item => had.get(item.id) !== item)
    const now = new Set(queue.map(item => item.id))
    const gone = this.#queue.filter(item => !now.has(item.id)).map(item => item.id)
    this.#keep(changed, gone)
    this.#set(queue, changed, gone.map(id => ({ id, item: undefined, ...(why ? { problem: why } : {}) })))
    this.#env.onReady([])
  }

  #own(item: Item): boolean {
    return item.tab === this.#env.tab
  }

  #drafts(): Queue {
    return this.#queue.filter(item => item.status === 'draft' && this.#own(item))
  }

  #leave(drafts: Queue): void {
    if (!drafts.length) return
    const queued = drafts.map(item => ({ ...item, status: 'queued' as const }))
    this.#set(queued.reduce(queues.replace, this.#queue), queued)
    this.#save(queued).catch(() => {}).then(() => this.#env.onReady(queued))
    this.#schedule()
  }

  /** Drafts leave when they are due. */
  #schedule(): void {
    this.#cancelTimer()
    const drafts = this.#drafts()
    if (!drafts.length) return
    const next = Math.min(...drafts.map(item => item.dueAt))
    this.#cancelTimer = this.#env.clock.after(Math.max(0, next - this.#env.clock.now()), () => {
      const now = this.#env.clock.now()
      this.#leave(this.#drafts().filter(item => item.dueAt <= now))
      this.#schedule()
    })
  }

  /** Stores what was written, and then says so of the item, unless it was written on meanwhile. */
  async #saveWritten(item: Item): Promise<void> {
    await this.#save([item])
    const now = this.#queue.find(({ id }) => id === item.id)
    if (!now || now.mutation !== item.mutation) return
    const stored = { ...now, stored: true }
    this.#set(queues.replace(this.#queue, stored), [stored])
  }

  #save(items: readonly Item[]): Promise<boolean> {
    return this.#durable.save(items.map(item => ({ table: 'outbox', key: item.id, value: item })))
  }

  #keep(items: readonly Item[], gone: readonly string[]): void {
    const writes = [
      ...items.map<StorageWrite>(item => ({ table: 'outbox', key: item.id, value: item })),
      ...gone.map<StorageWrite>(id => ({ table: 'outbox', key: id, value: undefined })),
    ]
    if (writes.length) this.#durable.save(writes).catch(error => this.#storageFailed(error))
  }

  #storageFailed(error: unknown): void {
    this.#env.onEvent({ type: 'problem', problem: problem('storage', String(error)) })
  }

  #waits(id: string): Deferred<void> {
    const waits = this.#waiting.get(id) ?? deferred<void>()
    this.#waiting.set(id, waits)
    return waits
  }

  #finish(id: string, why?: NonNullable<Item['problem']>): void {
    const waits = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (why) waits?.reject(new NotewireError(why))
    else waits?.resolve()
  }

  #set(queue: Queue, changed: readonly Item[], gone: readonly Change[] = []): void {
    this.#queue = queue
    for (const { id, status, problem } of changed) {
      if (status === 'refused' || status === 'acknowledged') this.#finish(id, status === 'refused' ? problem : undefined)
    }
    for (const { id, problem } of gone) this.#finish(id, problem)
    this.#env.onChange([...changed.map(item => ({ id: item.id, item })), ...gone])
  }
}
