import { createClient, MemoryChannels, MemoryLocks, MemoryStorage, preload, type Client, type ClientOptions, type Clock, type Locks, type Storage } from '../../src/index.js'
import type { VirtualClock } from './clock.js'
import { FakeNetwork, type Faults } from './network.js'
import type { Server } from './server.js'

await preload() // virtual time does not wait for a module

/** A device: a network, a storage that survives, and tabs. */
export class Device {
  readonly network: FakeNetwork
  readonly storage = new MemoryStorage()
  readonly tabs: Tab[] = []
  readonly #locks = new MemoryLocks()
  readonly #channels = new MemoryChannels()
  readonly #clock: VirtualClock
  user: string

  constructor(clock: VirtualClock, server: Server, user: string, faults: Partial<Faults> = {}) {
    this.#clock = clock
    this.network = new FakeNetwork(clock, server, faults)
    this.user = user
  }

  /** Opens a tab, which connects. */
  open(options: Partial<ClientOptions> = {}): Tab {
    const tab = new Tab(this.#clock, this, this.#locks, this.#channels, options)
    this.tabs.push(tab)
    tab.client.connect()
    return tab
  }

  /** The tab is gone, without a word. */
  crash(tab: Tab): void {
    this.tabs.splice(this.tabs.indexOf(tab), 1)
    tab.die()
  }
}

/** A tab: nothing of it happens after it died. */
export class Tab {
  readonly client: Client
  readonly stored: string[] = []
  #dead = false
  /** What should have happened while the tab was frozen. */
  #frozen: (() => void)[] | undefined
  readonly #deaths = new Set<() => void>()

  constructor(clock: VirtualClock, device: Device, locks: MemoryLocks, channels: MemoryChannels, options: Partial<ClientOptions>) {
    const dead = () => this.#dead
    const own: Clock = {
      now: () => clock.now(), random: clock.random,
      after: (ms, call) => {
        let off = false
        const cancel = clock.after(ms, () => dead() || this.#when(() => off || call()))
        return () => {
          off = true
          cancel()
        }
      },
    }
    const storage = this.#storage(device.storage, own)
    const ownLocks: Locks = {
      request: (name, { signal, steal }, held) => {
        if (dead()) return new Promise(() => {})
        const control = new AbortController()
        signal?.addEventListener('abort', () => control.abort())
        const died = new Promise<never>((_, reject) => this.#deaths.add(() => {
          control.abort()
          reject(new Error('the tab is gone'))
        }))
        died.catch(() => {})
        return locks.request(name, steal ? { steal } : { signal: control.signal }, () => Promise.race([held(), died]))
      },
    }
    this.client = createClient({
      url: 'http://server', clock: own, storage, locks: ownLocks,
      network: device.network.adapter(dead),
      visibility: { visible: () => true, onChange: () => () => {} },
      channel: name => {
        const channel = channels.open(name)
        this.#deaths.add(() => channel.close())
        return { ...channel, post: message => dead() || channel.post(message), onMessage: listener => channel.onMessage(message => dead() || this.#when(() => listener(message))) }
      },
      token: () => device.user, account: () => device.user, ...options,
    })
  }

  /** A frozen tab does nothing, and does it all when it thaws; what it holds it goes on holding. */
  freeze(frozen: boolean): void {
    const late = this.#frozen ?? []
    this.#frozen = frozen ? [] : undefined
    for (const call of late) call()
  }

  #when(call: () => void): void {
    if (this.#frozen) this.#frozen.push(call)
    else call()
  }

  die(): void {
    this.#dead = true
    for (const death of this.#deaths) death()
  }

  /** What is written takes a moment; a tab that dies meanwhile may have written it, or not. */
  #storage(device: MemoryStorage, clock: Clock): Storage {
    const later = <T>(call: () => Promise<T>) => new Promise<T>((resolve, reject) => {
      clock.after(clock.random() * 3, () => {
        call().then(value => clock.after(clock.random() * 3, () => resolve(value)), reject)
      })
    })
    return {
      read: (scope, table) => later(() => device.read(scope, table)),
      write: (scope, writes, fence) => later(() => device.write(scope, writes, fence)),
      fence: scope => later(() => device.fence(scope)),
    }
  }
}
