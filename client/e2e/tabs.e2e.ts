import type { WebSocket } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import type { App } from './harness/app'
import { test } from './harness/browser'
import { Server } from './harness/server'
import { soon } from './harness/soon'

let server: Server

beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.stop())

const many = 12

/** Which tabs hold a connection. */
async function holders(apps: readonly App[]): Promise<readonly App[]> {
  const held = await Promise.all(apps.map(async app => (await app.openConnection()).getByText('this tab', { exact: true }).isVisible()))
  return apps.filter((_, i) => held[i])
}

test(`${many} tabs share one connection; another takes over when the one that holds it is closed, or crashes`, { timeout: 120_000 }, async ({ open }) => {
  const { id } = await server.createNote('alice', { title: 'Tabs', content: 'Begun' })
  const device = await open()
  const sockets: WebSocket[] = []
  let tabs: App[] = []
  for (let i = 0; i < many; i++) tabs.push(await device.app(server.url, 'alice', id, page => page.on('websocket', socket => sockets.push(socket))))
  await Promise.all(tabs.map(app => app.connected(30_000)))
  await Promise.all(tabs.map(app => app.shows('Begun')))
  await soon(async () => (await holders(tabs)).length, 1)
  expect(sockets.filter(socket => !socket.isClosed())).toHaveLength(1)

  const writes = async (app: App | undefined, text: string) => {
    await app?.editor.focus()
    await app?.page.keyboard.press('ControlOrMeta+End')
    await app?.page.keyboard.type(text)
  }
  await writes(tabs[5], ', in the sixth')
  await Promise.all(tabs.map(app => app.shows('Begun, in the sixth')))

  const [leader] = await holders(tabs)
  tabs = tabs.filter(app => app !== leader)
  await writes(tabs[2], ', while one closes')
  await leader?.page.close()
  await Promise.all(tabs.map(app => app.shows('Begun, in the sixth, while one closes')))
  await soon(async () => (await holders(tabs)).length, 1)
  await soon(async () => (await server.note('alice', id)).content, 'Begun, in the sixth, while one closes')

  const [second] = await holders(tabs)
  tabs = tabs.filter(app => app !== second)
  await second?.crash()
  await writes(tabs[0], ', and one crashes')
  await soon(async () => (await server.note('alice', id)).content, 'Begun, in the sixth, while one closes, and one crashes', 20_000)
  await Promise.all(tabs.map(app => app.shows('Begun, in the sixth, while one closes, and one crashes')))
  await soon(async () => (await holders(tabs)).length, 1)
  await tabs[0]?.shot('tabs')
  expect(tabs.flatMap(app => app.faults)).toEqual([])
})
