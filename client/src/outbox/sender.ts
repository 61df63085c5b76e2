import type { Clock } from '../adapters.js'
import { backoff } from '../connection/backoff.js'
import { NotewireError, problem, type Problem } from '../protocol/errors.js'
import { has, isObject } from '../protocol/parse.js'
import { problemOf } from '../protocol/problem.js'
import { batchItem } from '../protocol/up.js'
import { nextBatch } from './batch.js'
import type { Outbox } from './outbox.js'
import type { Outcome, Queue } from './queue.js'

/** What a sender needs. */
export interface SenderEnv {
  readonly clock: Clock
  readonly outbox: Outbox
  readonly newId: () => string
  /** POST /api/mutations; rejects with a NotewireError. */
  readonly post: (body: object) => Promise<unknown>
  /** The token was not believed, or is another account's. */
  readonly onUnauthenticated: (problem: Problem) => void
  /** Another tab leads now. */
  readonly onLost: () => void
}

/** A body may have 4 MiB. */
const bytes = 3_000_000

/**
 * Sends the outbox, one batch at a time, in order, for as long as it is started. What is sent was marked before, by the tab that
 * leads. A tab that is frozen between the two sends when it thaws, though another one leads by then and has sent the same: each
 * mutation has one effect, however often and by whomever it is sent, because its id is the same.
 */
export class Sender {
  readonly #env: SenderEnv
  #on = false
  #busy = false
  #failures = 0
  /** Smaller after a batch that was too large. */
  #items = 100
  #cancelPause = () => {}
  #paused = false

  constructor(env: SenderEnv) {
    this.#env = env
  }

  start(): void {
    this.#on = true
    this.#resume()
  }

  stop(): void {
    this.#on = false
    this.#resume()
  }

  /** There may be something to send. */
  kick(): void {
    if (!this.#on || this.#busy || this.#paused) return
    this.#busy = true
    void this.#run().finally(() => {
      this.#busy = false
      if (nextBatch(this.#env.outbox.queue, { items: 1, bytes }).length) this.kick() // it came while this one ended
    })
  }

  #resume(): void {
    this.#cancelPause()
    this.#paused = false
    this.#failures = 0
    this.kick()
  }

  async #run(): Promise<void> {
    const { outbox } = this.#env
    while (this.#on) {
      const batch = nextBatch(outbox.queue, { items: this.#items, bytes })
      if (!batch.length) return
      if (!(await outbox.markSending(batch))) return this.#env.onLost()
      if (!this.#on) return outbox.resume() // the connection went meanwhile
      const wait = await this.#send(batch)
      if (wait !== undefined) return this.#pause(wait)
    }
  }

  #pause(ms: number): void {
    if (!this.#on) return
    this.#paused = true
    this.#cancelPause = this.#env.clock.after(ms, () => {
      this.#paused = false
      this.#busy = false
      this.kick()
    })
  }

  /** Sends a batch and settles what is in it. Returns how long to wait before the next. */
  async #send(batch: Queue): Promise<number | undefined> {
    let answer: unknown
    try {
      answer = await this.#env.post({ mutations: batch.map(item => batchItem(item.mutation)) })
    } catch (error) {
      return this.#failed(batch, error instanceof NotewireError ? error.problem : problem('internal', String(error)))
    }
    const results = isObject(answer) && Array.isArray(answer.results) ? (answer.results as unknown[]) : []
    let held: Problem | undefined
    let progress = false
    batch.forEach((item, i) => {
      const outcome = this.#outcome(results[i])
      this.#env.outbox.settle(item.id, outcome)
      progress ||= outcome.type === 'acknowledged' || outcome.type === 'refused'
      if (outcome.type === 'again' && outcome.problem.code !== 'skipped') held = outcome.problem
    })
    if (!held && progress) {
      this.#failures = 0
      return undefined
    }
    return backoff(this.#failures++, this.#env.clock.random, held?.retryAfterMs)
  }

  #outcome(result: unknown): Outcome {
    const refusal = isObject(result) ? problemOf(result.error) : undefined
    if (!refusal) {
      return has(result, 'mutationId:s cursor:s')
        ? { type: 'acknowledged', cursor: result.cursor as string }
        : { type: 'again', problem: problem('network', 'an answer that is not Notewire’s') }
    }
    if (refusal.code === 'mutation_reused') return { type: 'renew', id: this.#env.newId() }
    return { type: refusal.action === 'retry' || refusal.action === 'sign-in' ? 'again' : 'refused', problem: refusal }
  }

  /** The whole batch was not accepted, or nobody knows. */
  #failed(batch: Queue, why: Problem): number | undefined {
    const refused = why.action !== 'retry' && why.action !== 'sign-in'
    const outcome: Outcome = refused && batch.length === 1 ? { type: 'refused', problem: why } : { type: 'again', problem: why }
    for (const item of batch) this.#env.outbox.settle(item.id, outcome)
    if (why.action === 'sign-in') this.#env.onUnauthenticated(why)
    if (!refused) return backoff(this.#failures++, this.#env.clock.random, why.retryAfterMs)
    this.#items = batch.length === 1 ? 100 : Math.max(1, batch.length >> 1) // one of them is why: find it
    return undefined
  }
}
