import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'
import { test as plain } from 'vitest'
import { Device, type DeviceOptions } from './device'
import { FaultyNetwork, type Fault } from './network'
import type { Server } from './server'

const paths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

interface Worker {
  readonly browser: Browser
}

interface Test {
  /** Opens a device, for this test. */
  readonly open: (options?: DeviceOptions) => Promise<Device>
  /** Puts a network before a server, for this test. */
  readonly networkBefore: (server: Server, ...faults: readonly Fault[]) => Promise<FaultyNetwork>
}

/** A test with a browser. Of one that fails it keeps what each tab showed at the end. */
export const test = plain.extend<{ $worker: Worker; $test: Test }>({
  browser: [async ({}, use) => {
    const executablePath = process.env.CHROMIUM ?? paths.find(path => existsSync(path))
    if (executablePath === undefined) throw new Error('these tests need Chromium: apt-get install chromium')
    const browser = await chromium.launch({ executablePath, args: ['--disable-dev-shm-usage', '--disable-quic', '--disable-component-update'] })
    await use(browser)
    await browser.close()
  }, { scope: 'worker' }],
  open: async ({ browser, task }, use) => {
    const devices: Device[] = []
    await use(async (options = {}) => {
      const device = await Device.in(browser, options)
      devices.push(device)
      return device
    })
    if (task.result?.state === 'fail' || task.result?.errors?.length) await Promise.all(devices.map((device, i) => device.failed(`failed ${task.name} ${i + 1}`)))
    await Promise.all(devices.map(device => device.context.close()))
  },
  networkBefore: async ({}: object, use: (value: Test['networkBefore']) => Promise<void>) => {
    const networks: FaultyNetwork[] = []
    await use(async (server, ...faults) => {
      const network = await FaultyNetwork.before(server, ...faults)
      networks.push(network)
      return network
    })
    await Promise.all(networks.map(network => network.down()))
  },
})
