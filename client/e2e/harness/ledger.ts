import type { Page, WebSocket } from 'playwright-core'

/** What a page has asked for and not given back. */
export interface Ledger {
  /** Listeners of the window and the document, and intervals. */
  readonly held: readonly string[]
  /** How often a listener for changes of the address was added: once for each mount of what shows notes. */
  readonly mounts: number
}

/** Has a page keep a ledger, from before its first script on. */
export function keepLedger(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    const held = new Map<unknown, string>()
    const ledger = { mounts: 0, held: () => [...held.values()].sort() }
    const keys = new Map<unknown, object>()
    const ofPage = () => (new Error().stack ?? '').includes('/page/') // and not of what drives the browser
    const keyOf = (target: object, type: string, listener: object) => {
      const all = (keys.get(listener) ?? {}) as Record<string, object>
      keys.set(listener, all)
      return (all[`${target === window} ${type}`] ??= {})
    }
    for (const target of [window, document]) {
      const { addEventListener: add, removeEventListener: remove } = target
      Object.assign(target, {
        addEventListener(type: string, listener: EventListener, options?: AddEventListenerOptions) {
          if (type === 'hashchange') ledger.mounts++
          if (listener && !options?.once && ofPage()) held.set(keyOf(target, type, listener), `${target === window ? 'window' : 'document'} ${type}`)
          add.call(target, type, listener, options)
        },
        removeEventListener(type: string, listener: EventListener, options?: EventListenerOptions) {
          if (listener) held.delete(keyOf(target, type, listener))
          remove.call(target, type, listener, options)
        },
      })
    }
    const { setInterval: set, clearInterval: clear } = window
    Object.assign(window, {
      ledger,
      setInterval(call: () => void, ms: number) {
        const id = set(call, ms)
        held.set(id, `interval of ${ms} ms`)
        return id
      },
      clearInterval(id: number) {
        held.delete(id)
        clear(id)
      },
    })
  })
}

/** What the ledger of a page says now. */
export function ledgerOf(page: Page): Promise<Ledger> {
  return page.evaluate(() => {
    const { mounts, held } = (window as unknown as { ledger: { mounts: number; held(): readonly string[] } }).ledger
    return { mounts, held: held() }
  })
}

/** The frames of a page's WebSockets, as far as they are JSON, and the sockets. */
export class Frames {
  readonly sockets: WebSocket[] = []
  readonly sent: Record<string, unknown>[] = []
  readonly received: Record<string, unknown>[] = []

  constructor(page: Page) {
    page.on('websocket', socket => {
      this.sockets.push(socket)
      socket.on('framesent', ({ payload }) => void this.sent.push(JSON.parse(String(payload))))
      socket.on('framereceived', ({ payload }) => void this.received.push(JSON.parse(String(payload))))
    })
  }

  get open(): number {
    return this.sockets.filter(socket => !socket.isClosed()).length
  }
}
