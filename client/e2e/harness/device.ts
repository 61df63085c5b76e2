import type { Browser, BrowserContext, BrowserContextOptions, Page, WebSocketRoute } from 'playwright-core'
import { App } from './app'

/** How a device is. */
export interface DeviceOptions extends BrowserContextOptions {
  /** It can be cut off from the server. */
  cuttable?: boolean
}

/** A device: tabs in it share what is stored, and nothing with other devices. */
export class Device {
  readonly context: BrowserContext
  /** Its tabs, in the order in which they were opened. */
  readonly apps: App[] = []
  readonly #sockets = new Set<WebSocketRoute>()
  #cut = false

  private constructor(context: BrowserContext) {
    this.context = context
  }

  static async in(browser: Browser, { cuttable = false, ...options }: DeviceOptions): Promise<Device> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options })
    context.setDefaultTimeout(15_000)
    const device = new Device(context)
    if (cuttable) await device.#wire()
    return device
  }

  /**
   * Opens the app as somebody, at a note or at the list, in a new tab.
   *
   * @param prepare is called before the page is loaded
   */
  async app(url: string, user: string, noteId?: string, prepare?: (page: Page) => unknown): Promise<App> {
    const app = this.adopt(await this.context.newPage(), user)
    await prepare?.(app.page)
    await app.page.goto(`${url}/?as=${user}${noteId === undefined ? '' : `#note=${noteId}`}`)
    return app
  }

  /** Takes a tab that the page itself opened. */
  adopt(page: Page, user: string): App {
    const app = new App(page, user)
    this.apps.push(app)
    return app
  }

  /** Cuts the device off from the server, but for the page itself, which can so be loaded again. */
  async cut(): Promise<void> {
    this.#cut = true
    for (const socket of this.#sockets) await socket.close({ code: 1001 }).catch(() => {}) // it may be closed
    this.#sockets.clear()
  }

  /** The server can be reached again, and the pages are told so, as a browser does. */
  async mend(): Promise<void> {
    this.#cut = false
    await Promise.all(this.context.pages().map(page => page.evaluate(() => dispatchEvent(new Event('online')))))
  }

  async #wire(): Promise<void> {
    await this.context.route(url => /^\/(api|dev)\//.test(url.pathname), route => (this.#cut ? route.abort('connectionrefused') : route.fallback()))
    await this.context.routeWebSocket(/./, socket => {
      if (this.#cut) return void socket.close({ code: 1001 })
      this.#sockets.add(socket)
      socket.connectToServer()
    })
  }
}
