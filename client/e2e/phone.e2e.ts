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

/** Nothing is cut off at the side, and all that can be touched is large enough for a finger. */
async function fits(app: App): Promise<void> {
  const wrong = await app.page.evaluate(() => {
    const heightOf = (element: Element) => element.getBoundingClientRect().height
    const small = [...document.querySelectorAll<HTMLElement>('button, a, input, select')].filter(element => {
      const { width, top } = element.getBoundingClientRect()
      const labels = 'labels' in element ? [...(element as HTMLInputElement).labels ?? []] : []
      return element.checkVisibility({ visibilityProperty: true }) && width > 0 && top >= 0 && top < innerHeight && Math.max(...[element, ...labels].map(heightOf)) < 24
    })
    return {
      sideways: document.documentElement.scrollWidth - innerWidth,
      small: small.map(element => element.outerHTML.slice(0, 160)),
    }
  })
  expect(wrong).toEqual({ sideways: 0, small: [] })
}

test('on a phone one makes a note, writes, shares, looks at its versions, and goes back', async ({ open }) => {
  const device = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 })
  const app = await device.app(server.url, 'alice')
  const step = async (name: string) => {
    await fits(app)
    await app.shot(`phone-${name}`)
  }
  await app.list.getByRole('button', { name: 'New', exact: true }).waitFor()
  await step('1-empty')
  await app.list.getByRole('button', { name: 'New', exact: true }).tap()
  await app.title.fill('On the way')
  await app.editor.tap()
  await app.page.keyboard.type('Bread, milk, and something that is long enough to go over more than one line.')
  await app.saved()
  expect(await app.list.isVisible()).toBe(false)
  await step('2-note')

  const dialog = await app.openShare()
  await dialog.getByRole('combobox', { name: 'Who to add' }).fill('bob')
  await dialog.getByRole('button', { name: 'Add' }).tap()
  await dialog.getByRole('list', { name: 'Members' }).getByText('bob').waitFor()
  await step('3-share')
  await dialog.getByRole('button', { name: 'Close' }).tap()

  const history = await app.openHistory()
  await history.getByRole('listitem').first().waitFor()
  await step('4-history')
  await history.getByRole('button', { name: /^close/i }).tap()
  await app.openConnection()
  await step('5-connection')
  await app.page.getByRole('complementary', { name: 'Connection' }).getByRole('button', { name: /^close/i }).tap()

  await app.note.getByRole('button', { name: /back/i }).tap()
  await app.row('On the way').waitFor()
  await step('6-list')
  await app.page.getByRole('button', { name: 'Folders and filters' }).tap()
  await app.page.getByRole('navigation').getByRole('button', { name: /^Shared/ }).waitFor()
  await step('7-nav')
  await app.page.getByRole('navigation').getByRole('button', { name: /^Shared/ }).tap()
  await app.row('On the way').tap()
  await app.editor.waitFor()
  await app.page.goBack()
  await app.row('On the way').waitFor()
  await soon(() => app.list.isVisible(), true)
  expect(app.faults).toEqual([])
})
