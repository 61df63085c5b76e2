import { join } from 'node:path'
import { expect } from 'vitest'
import { test } from './harness/browser'
import { Server } from './harness/server'

const picture = join(import.meta.dirname, '../../infra/two-tabs.png')
const height = 640

test('alice on a WebSocket and bob on SSE write one note; beside it, its versions', async ({ open }) => {
  const server = await Server.start()
  try {
    await server.createNote('alice', { title: 'Reading list', content: 'The Mythical Man-Month\nA Philosophy of Software Design' })
    await server.createNote('alice', { title: 'Ideas', content: 'A lamp that knows when you are asleep' })
    const { id } = await server.createNote('alice', { title: 'Shopping', content: '- milk', with: ['bob'] })
    const [left, right] = [await open({ viewport: { width: 1340, height } }), await open({ viewport: { width: 560, height } })]
    const alice = await left.app(server.url, 'alice', id)
    const bob = await right.app(server.url, 'bob', id)
    await Promise.all([alice.connected(), bob.connected()])
    const panel = await bob.openConnection()
    await panel.getByRole('radio', { name: 'SSE', exact: true }).check()
    await bob.uses('SSE')
    await panel.getByRole('button', { name: 'Close Connection' }).click()

    await alice.page.getByRole('button', { name: 'Versions' }).click()
    await alice.caretBehind('- milk')
    await alice.page.keyboard.type('\nbread') // the list goes on by itself
    await bob.shows('- milk\n- bread')
    await bob.title.fill('Shopping for Saturday')
    await bob.caretBehind('bread')
    await bob.page.keyboard.type(' and flour')
    await alice.shows('- milk\n- bread and flour')
    await alice.caretBehind('milk')
    await alice.page.keyboard.type(', eggs')
    await bob.shows('- milk, eggs\n- bread and flour')
    await Promise.all([alice.saved(), bob.saved()])
    for (const [{ page }, other] of [[alice, 'bob'], [bob, 'alice']] as const) await page.getByRole('list', { name: `Also here: ${other}` }).waitFor()
    await alice.page.getByText('now', { exact: true }).waitFor()
    await alice.page.waitForTimeout(1500) // carets are told once a second

    const shots = [await alice.page.screenshot(), await bob.page.screenshot()]
    const frame = await (await open({ viewport: { width: 1340 + 560 + 12, height } })).context.newPage()
    const images = shots.map(shot => `<img src="data:image/png;base64,${shot.toString('base64')}">`).join('')
    await frame.setContent(`<body style="margin:0;display:flex;gap:12px;background:#8a9499">${images}</body>`)
    await frame.screenshot({ path: picture })
    expect([...alice.faults, ...bob.faults]).toEqual([])
  } finally {
    await server.stop()
  }
})
