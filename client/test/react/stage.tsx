import { act, cleanup, render } from '@testing-library/react'
import { StrictMode, type ReactNode } from 'react'
import { afterEach } from 'vitest'
import { NotewireProvider } from '../../react/index.js'
import type { ClientOptions } from '../../src/index.js'
import type { Device, Tab } from '../sim/device.js'
import { World } from '../sim/world.js'

afterEach(cleanup)

/** A component on a device of a simulated world, in StrictMode. */
export class Stage {
  readonly world = new World()
  readonly device: Device = this.world.device()
  readonly tab: Tab

  constructor(options: Partial<ClientOptions> = {}) {
    this.tab = this.device.open(options)
  }

  get client() {
    return this.tab.client
  }

  /** How often a request was made, or a frame sent ("ws auth"). */
  count(what: string): number {
    return this.device.network.requests.filter(each => each === what).length
  }

  render(ui: ReactNode) {
    return render(ui, { wrapper: ({ children }) => <StrictMode><NotewireProvider client={this.client}>{children}</NotewireProvider></StrictMode> })
  }

  /** Lets time pass, and everything be rendered that comes of it. */
  async pass(ms: number): Promise<void> {
    await act(() => this.world.clock.pass(ms))
  }

  async connected(): Promise<void> {
    await act(() => this.world.connected(this.tab))
  }

  /** A note that the server has. */
  async note(fields: { title?: string; content?: string } = {}): Promise<string> {
    const { noteId } = this.client.createNote(fields)
    await this.pass(1000)
    return noteId
  }
}

/** Renders a hook's answer again and again; `answers` has all of them. */
export function probe<T>(use: () => T): { Probe: () => null; answers: T[]; last: () => T } {
  const answers: T[] = []
  const Probe = () => {
    answers.push(use())
    return null
  }
  return { Probe, answers, last: () => answers.at(-1)! }
}
