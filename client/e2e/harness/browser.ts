import { chromium, type Browser } from 'playwright-core'
import { test as plain } from 'vitest'
import { chromiumPath, launchArgs, noChromium } from './chromium'
import { Device, type DeviceOptions } from './device'
import { endsWithRun } from './leftovers'
import { FaultyNetwork, type Fault } from './network'
import { report } from './report'
import type { Server } from './server'

interface Worker {
  readonly browser: Browser
}

interface Test {
  /** Opens a device, for this test. */
  readonly open: (options?: DeviceOptions) => Promise<Device>
  /** Puts a network before a server, for this test. */
  readonly networkBefore: (server: Server, ...faults: readonly Fault[]) => Promise<FaultyNetwork>
}

/** A test with a browser. Of one that fails it says where one can see what each tab showed at the end. */
export const test = plain.extend<{ $worker: Worker; $test: Test }>({
  browser: [async ({}, use) => {
    endsWithRun()
    const executablePath = chromiumPath()
    if (executablePath === undefined) throw new Error(noChromium)
    const browser = await chromium.launch({ executablePath, args: launchArgs })
    await use(browser)
    await browser.close()
  }, { scope: 'worker' }],
  networkBefore: async ({}: object, use: (value: Test['networkBefore']) => Promise<void>) => {
    const networks: FaultyNetwork[] = []
    await use(async (server, ...faults) => {
      const network = await FaultyNetwork.before(server, ...faults)
      networks.push(network)
      return network
    })
    await Promise.all(networks.map(network => network.down()))
  },
  open: async ({ browser, task }, use) => {
    const devices: Device[] = []
    await use(async (options = {}) => {
      const device = await Device.in(browser, options)
      devices.push(device)
      return device
    })
    if (task.result?.state === 'fail' || task.result?.errors?.length) console.log(await report(task.name, devices))
    await Promise.all(devices.map(device => device.context.close()))
  },
})
