import { VirtualClock } from './clock.js'
import { Device, type Tab } from './device.js'
import type { Faults } from './network.js'
import { Server } from './server.js'

/** A server, and devices of one user, in virtual time. */
export class World {
  readonly clock: VirtualClock
  readonly server = new Server()

  constructor(seed = 1) {
    this.clock = new VirtualClock(seed)
    this.server.now = () => this.clock.now()
  }

  device(faults: Partial<Faults> = {}, user = 'ada'): Device {
    return new Device(this.clock, this.server, user, faults)
  }

  /** Lets time pass until a tab is connected. */
  async connected(...tabs: Tab[]): Promise<void> {
    if (!(await this.clock.until(() => tabs.every(tab => tab.client.connection.get().name === 'connected'), 60_000, 10))) throw new Error('not connected within a minute')
  }
}
