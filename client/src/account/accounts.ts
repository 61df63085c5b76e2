import type { Clock, Storage } from '../adapters.js'
import { within } from '../connection/within.js'
import type { Item } from '../outbox/item.js'
import { NotewireError, problem } from '../protocol/errors.js'
import { subject } from '../protocol/token.js'
import type { Account } from './account.js'

/** What the accounts of a client need. */
export interface AccountsEnv {
  readonly storage: Storage
  readonly clock: Clock
  /** Absent: a server in local mode, which has one account. */
  readonly token?: (() => Promise<string | null> | string | null) | undefined
  /** Whose token it is where the token does not say so. */
  readonly account?: (() => string | null) | undefined
  readonly open: (scope: string) => Account
  /** Another account is the current one. */
  readonly onSwitch: () => void
  /** What was written before it was, is kept as its own: it may connect. */
  readonly onKept: (account: Account) => void
}

/**
 * Which account the client is of: that of whoever is signed in. One account's notes and edits are never shown or sent as
 * another's.
 */
export class Accounts {
  /** What was kept of the account that was here last has been read. */
  readonly ready: Promise<void>
  readonly #env: AccountsEnv
  #current: Account
  #switching: Promise<void> = Promise.resolve()

  constructor(env: AccountsEnv) {
    this.#env = env
    this.#current = env.open(env.token ? '' : 'local')
    this.ready = this.#begin()
  }

  get current(): Account {
    return this.#current
  }

  /** Opens what was kept for the account that was here last: it can be read and edited before anybody is asked. */
  async #begin(): Promise<void> {
    if (this.#env.token) {
      const rows = await this.#env.storage.read('', 'meta').catch(() => [])
      const last = rows.find(([key]) => key === 'account')?.[1]
      if (typeof last === 'string') await this.#switch(last)
    }
    await this.#current.ready
  }

  /** Before connecting: whose token is it? If that cannot be said now, the account that was here last goes on. */
  async adopt(): Promise<void> {
    await this.ready
    if (this.#env.token) await within(this.#env.clock, 5000, () => this.token()).catch(() => {})
  }

  /** A token for this account. If it is another's, the client becomes that account's. */
  async token(): Promise<string | null> {
    if (!this.#env.token) return null
    const token = await this.#env.token()
    if (token === null) throw new NotewireError(problem('unauthenticated', 'nobody is signed in'))
    const scope = subject(token) ?? this.#env.account?.() ?? 'local'
    if (scope !== this.#current.scope) {
      const known = this.#current.scope !== ''
      await this.#switch(scope)
      if (known) throw new NotewireError(problem('other_account', `signed in as ${scope}`))
    }
    return token
  }

  #switch(scope: string): Promise<void> {
    return (this.#switching = this.#switching.then(() => this.#switchNow(scope)))
  }

  /** What was written before anybody signed in becomes the first one's. */
  async #switchNow(scope: string): Promise<void> {
    const before = this.#current
    if (before.scope === scope) return
    const { storage, onSwitch, onKept } = this.#env
    await before.ready
    const account = this.#env.open(scope)
    await account.ready
    const orphans = before.scope === '' ? before.outbox.queue : []
    const rows = (value: (item: Item) => unknown) => orphans.map(item => ({ table: 'outbox' as const, key: item.id, value: value(item) }))
    // In one step, or what was just typed would be out of sight for a moment, and the field with it.
    this.#current = account
    if (orphans.length) before.outbox.moveTo(account.outbox)
    const moved = orphans.length ? storage.write(scope, rows(item => item)) : undefined
    onSwitch()
    const kept = await Promise.all([before.close(), moved]).then(() => true, () => false)
    onKept(account)
    await storage.write('', [...(kept ? rows(() => undefined) : []), { table: 'meta', key: 'account', value: scope }]).catch(() => {})
  }
}
