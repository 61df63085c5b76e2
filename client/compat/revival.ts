import type { ClientOptions, ConnectionState } from '../src/index.js'

/** Connects again a client that gave up, when the network comes back or the page is looked at. A refusal that stays is not tried again. */
export class Revival {
  readonly #revive: () => void
  readonly #options: Pick<ClientOptions, 'network' | 'visibility'>
  #ends: (() => void)[] = []

  constructor(revive: () => void, options: Pick<ClientOptions, 'network' | 'visibility'>) {
    this.#revive = revive
    this.#options = options
  }

  /** The connection's state is another. */
  look(state: ConnectionState): void {
    const gaveUp = state.name === 'stopped' && state.reason?.action === 'retry'
    if (gaveUp && this.#ends.length === 0) this.#listen()
    if (!gaveUp) this.#stop()
  }

  #listen(): void {
    const { network, visibility } = this.#options
    const online = () => (network ? network.online() : navigator.onLine) && this.#revive()
    const seen = () => (visibility ? visibility.visible() : document.visibilityState === 'visible') && this.#revive()
    this.#ends = [
      network ? network.onChange(online) : listen(globalThis.window, 'online', online),
      visibility ? visibility.onChange(seen) : listen(globalThis.document, 'visibilitychange', seen),
    ]
  }

  #stop(): void {
    for (const end of this.#ends) end()
    this.#ends = []
  }
}

function listen(target: EventTarget | undefined, name: string, listener: () => void): () => void {
  target?.addEventListener(name, listener)
  return () => target?.removeEventListener(name, listener)
}
