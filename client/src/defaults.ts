import type { Adapters } from './adapters.js'
import type { ClientOptions } from './api.js'
import { browser } from './browser/index.js'
import { memory } from './memory/index.js'

/** What is not given comes from where the client runs. */
export function adaptersOf(options: ClientOptions): Adapters {
  const own = typeof document !== 'undefined' && typeof indexedDB !== 'undefined' ? browser() : memory()
  const { storage, locks, channel, clock, network, visibility } = options
  return {
    storage: storage ?? own.storage, locks: locks ?? own.locks, channel: channel ?? own.channel, clock: clock ?? own.clock,
    network: network ?? own.network, visibility: visibility ?? own.visibility,
  }
}

/** The server's address without a slash at its end; by default the page's. Throws where that is none. */
export function baseUrl(url: string | undefined): string {
  const base = url ?? (typeof location === 'undefined' ? undefined : location.origin)
  if (base === undefined) throw new Error('createClient needs the url of a server: there is no page whose origin it could be')
  if (!/^https?:\/\/[^/]/.test(base)) throw new Error(`createClient needs a url that begins with http:// or https://, not ${JSON.stringify(base)}`)
  return base.replace(/\/+$/, '')
}

/** A UUID of this clock's chance. */
export function uuid(random: () => number): string {
  const hex = (digits: number) => Math.floor(random() * 16 ** digits).toString(16).padStart(digits, '0')
  const variant = '89ab'[Math.floor(random() * 4)]
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(6)}${hex(6)}`
}
