import type { Clock } from '../adapters.js'
import { backoff } from './backoff.js'
import { within } from './within.js'

/** How long the provider may take, in milliseconds. */
const patience = 15_000

/** What the tokens of a connection need. */
export interface TokensEnv {
  readonly clock: Clock
  readonly token: () => Promise<string | null>
  /** Calls after so many milliseconds, unless the connection was shut before. */
  readonly after: (ms: number, call: () => void) => void
}

/** The provider's tokens: which one was refused, and how another one is waited for. */
export class Tokens {
  readonly #env: TokensEnv
  #refused: string | null | undefined
  #watch = 0

  constructor(env: TokensEnv) {
    this.#env = env
  }

  /** The server does not believe this one. */
  refuse(token: string | null): void {
    this.#refused = token
  }

  /** A token; undefined: there is none but the refused one. Rejects after 15 s, and when the signal is aborted. */
  async next(signal: AbortSignal): Promise<string | null | undefined> {
    const token = await within(this.#env.clock, patience, this.#env.token, signal)
    if (this.#refused !== undefined && token === this.#refused) return undefined
    this.#refused = undefined
    return token
  }

  /** Asks now and then, without the network, until there is another one than the refused. */
  watch(signal: AbortSignal, found: () => void): void {
    const watch = ++this.#watch
    const look = async (asked: number): Promise<void> => {
      const token = await this.#env.token().catch(() => this.#refused ?? null)
      if (signal.aborted || watch !== this.#watch) return
      if (token !== null && token !== this.#refused) found()
      else this.#env.after(1000 + backoff(asked, this.#env.clock.random), () => void look(asked + 1))
    }
    void look(0)
  }
}
