import { afterAll, beforeAll, expect } from 'vitest'
import type { App } from './harness/app'
import { test } from './harness/browser'
import type { Device, DeviceOptions } from './harness/device'
import { Server } from './harness/server'
import { soon } from './harness/soon'

let server: Server

beforeAll(async () => {
  server = await Server.start()
})
afterAll(() => server.stop())

interface Both {
  readonly id: string
  readonly devices: readonly [Device, Device]
  readonly alice: App
  readonly bob: App
}

/** Both have the note open, and are connected. */
async function bothIn(open: (options: DeviceOptions) => Promise<Device>, content: string): Promise<Both> {
  const { id } = await server.createNote('alice', { title: 'Apart', content, with: ['bob'] })
  const devices = [await open({ cuttable: true }), await open({ cuttable: true })] as const
  const [alice, bob] = await Promise.all([devices[0].app(server.url, 'alice', id), devices[1].app(server.url, 'bob', id)])
  await Promise.all([alice.shows(content), bob.shows(content), alice.connected(), bob.connected()])
  return { id, devices, alice, bob }
}

test.concurrent('edits made offline on both sides outlive a reload, and meet', async ({ open }) => {
  const { id, devices, alice, bob } = await bothIn(open, 'The cat sits. The dog runs.')
  await Promise.all([devices[0].cut(), devices[1].cut()])
  await alice.caretBehind('The cat sits')
  await alice.page.keyboard.type(' on the mat')
  await bob.caretBehind('The dog runs')
  await bob.page.keyboard.type(' in the park')
  await alice.title.fill('Animals')
  await Promise.all([alice, bob].map(app => app.note.getByText('Kept on this device').waitFor()))
  await alice.shot('offline-alice')
  await Promise.all([alice.kept('The cat sits on the mat.'), alice.kept('Animals'), bob.kept('in the park')]) // the words are there from the first key on
  await alice.page.reload()
  await alice.shows('The cat sits on the mat. The dog runs.')
  expect(await alice.title.inputValue()).toBe('Animals')
  await alice.caretBehind('The dog runs')
  await alice.page.keyboard.type(' fast')
  await alice.caretBehind('The cat')
  await alice.page.keyboard.type(' Tom')
  await bob.page.reload()
  await bob.shows('The cat sits. The dog runs in the park.')
  await Promise.all([devices[0].mend(), devices[1].mend()])
  await Promise.all([alice.saved(30_000), bob.saved(30_000)])
  await soon(async () => (await alice.text()) === (await bob.text()), true)
  const text = await alice.text()
  for (const part of ['The cat Tom sits on the mat.', 'fast', 'in the park']) expect(text).toContain(part)
  expect((await server.note('alice', id)).content).toBe(text)
  expect(await bob.title.inputValue()).toBe('Animals')
  await Promise.all([alice.shot('offline-merged-alice'), bob.shot('offline-merged-bob')])
  expect([...alice.faults, ...bob.faults]).toEqual([])
})

test.concurrent('the same sentence changed on both sides: both are shown, and one can choose', async ({ open }) => {
  const { id, devices, alice, bob } = await bothIn(open, 'We meet on Monday at the station.')
  await Promise.all([devices[0].cut(), devices[1].cut()])
  for (const [app, day] of [[alice, 'Tuesday'], [bob, 'Friday']] as const) {
    await app.caretBehind('We meet on ')
    for (let i = 0; i < 'Monday'.length; i++) await app.page.keyboard.press('Shift+ArrowRight')
    await app.page.keyboard.insertText(day) // one edit, however slow the machine: each would be a conflict of its own
    await app.note.getByText('Kept on this device').waitFor()
  }
  await devices[0].mend()
  await alice.saved(30_000)
  await devices[1].mend()
  const conflict = bob.page.getByRole('region', { name: 'Edits that met' })
  await conflict.waitFor({ timeout: 30_000 })
  await conflict.getByText('Tuesday').waitFor()
  await conflict.getByText('Friday').waitFor()
  await bob.shot('conflict')
  expect(await bob.text()).toBe((await server.note('alice', id)).content)
  const other = (await bob.text()).includes('Friday') ? 'Tuesday' : 'Friday'
  await conflict.getByRole('button', { name: 'Use the other version' }).click()
  const chosen = `We meet on ${other} at the station.`
  await Promise.all([bob.shows(chosen), alice.shows(chosen)])
  await conflict.waitFor({ state: 'detached' })
})
