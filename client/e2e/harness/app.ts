import type { Locator, Page } from 'playwright-core'
import { join } from 'node:path'
import { expect } from 'vitest'
import { artefacts } from './build'
import { soon } from './soon'

/** One tab with the app, as a user sees it: everything is found by its role and its name. */
export class App {
  readonly page: Page
  readonly user: string
  /** What went wrong in the page without anybody seeing it. */
  readonly faults: string[] = []
  /** What the page wrote to its console, and its faults. */
  readonly said: string[] = []

  constructor(page: Page, user: string) {
    this.page = page
    this.user = user
    page.on('console', message => this.said.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', error => {
      this.faults.push(String(error))
      this.said.push(`thrown: ${error.stack ?? String(error)}`)
    })
  }

  get editor(): Locator {
    return this.page.getByRole('textbox', { name: 'Text', exact: true })
  }

  get title(): Locator {
    return this.page.getByRole('textbox', { name: 'Title', exact: true })
  }

  get star(): Locator {
    return this.note.getByRole('button', { name: /^star/i })
  }

  /** Rows of the list whose title or text has this in it. */
  row(text: string | RegExp): Locator {
    return this.list.getByRole('link').filter({ hasText: text })
  }

  /** The note that is open, with what can be done with it. */
  get note(): Locator {
    return this.page.getByRole('main')
  }

  get list(): Locator {
    return this.page.getByRole('region', { name: 'Notes', exact: true })
  }

  /** What asks the user for something, or tells of a failure, where nothing should. */
  get prompts(): Locator {
    return this.page.getByRole('alert').or(this.page.getByRole('dialog')).or(this.page.getByRole('region', { name: 'Edits that met' }))
  }

  /** The text in the editor. Only of notes that are short enough to be drawn whole. */
  async text(): Promise<string> {
    return (await this.place()).text
  }

  /** The text, and where the caret is in it, in UTF-16 units; null: elsewhere. */
  place(): Promise<{ text: string; caret: number | null }> {
    return this.editor.evaluate(content => {
      const lines = [...content.querySelectorAll('.cm-line:not(:has(.cm-placeholder))')]
      const text = lines.map(line => line.textContent).join('\n')
      const selection = getSelection()
      const line = lines.find(each => each.contains(selection?.focusNode ?? null))
      if (!selection?.focusNode || !line) return { text, caret: null }
      const range = document.createRange()
      range.setStart(line, 0)
      range.setEnd(selection.focusNode, selection.focusOffset)
      const before = lines.slice(0, lines.indexOf(line)).reduce((sum, each) => sum + each.textContent.length + 1, 0)
      return { text, caret: before + range.toString().length }
    })
  }

  /** Puts the caret behind this text, with the keyboard. */
  async caretBehind(text: string): Promise<void> {
    const all = await this.text()
    const at = all.indexOf(text) + text.length
    if (!all.includes(text)) throw new Error(`there is no ${JSON.stringify(text)}`)
    const [from, step, steps] = at < all.length / 2 ? ['Home', 'ArrowRight', at] : ['End', 'ArrowLeft', all.length - at]
    await this.editor.focus()
    await this.page.keyboard.press(`ControlOrMeta+${from}`)
    for (let i = 0; i < steps; i++) await this.page.keyboard.press(step)
    expect((await this.place()).caret).toBe(at)
  }

  /** Waits until the editor shows this text. */
  async shows(text: string | RegExp, timeout = 10_000): Promise<void> {
    await soon(() => this.text(), typeof text === 'string' ? text : expect.stringMatching(text), timeout)
  }

  /** Waits until everything typed here is at the server. */
  async saved(timeout = 15_000): Promise<void> {
    await this.note.getByText('Saved', { exact: true }).waitFor({ timeout })
  }

  /** Waits until this is stored on the device, and so there when nothing can be reached. */
  async kept(text: string): Promise<void> {
    await soon(() => this.page.evaluate(async ([name, text]) => {
      if (!(await indexedDB.databases()).some(each => each.name === name)) return false
      const answered = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
      const db = await answered(indexedDB.open(name))
      const values = await answered(db.transaction('rows').objectStore('rows').getAll())
      db.close()
      return JSON.stringify(values).includes(text)
    }, [`notewire ${this.user}`, text] as const), true)
  }

  /** Waits until the header says that changes come. */
  async connected(timeout = 20_000): Promise<void> {
    await soon(() => this.state(), 'connected', timeout)
  }

  /** The state of the connection, as the header has it. */
  async state(): Promise<string | null> {
    return this.page.getByTitle('Connection', { exact: true }).getAttribute('data-state')
  }

  /** Opens the panel beside the note, if it is closed. */
  async openConnection(): Promise<Locator> {
    const panel = this.page.getByRole('complementary', { name: 'Connection' })
    if (!(await panel.isVisible())) await this.page.getByTitle('Connection', { exact: true }).click()
    await panel.waitFor()
    return panel
  }

  /** Waits until the panel says that this transport is in use. */
  async uses(transport: string | RegExp, timeout = 30_000): Promise<void> {
    const panel = await this.openConnection()
    await panel.getByRole('definition').filter({ hasText: transport }).first().waitFor({ timeout })
  }

  /** Makes a note with the app, and answers its id. */
  async newNote(title: string, text: string): Promise<string> {
    await this.list.getByRole('button', { name: 'New', exact: true }).click()
    await this.title.fill(title)
    await this.editor.click()
    await this.page.keyboard.type(text)
    await this.saved()
    return new URLSearchParams(new URL(this.page.url()).hash.slice(1)).get('note') ?? ''
  }

  /** Chooses from a menu. */
  async choose(menu: string | RegExp, item: string | RegExp, within: Page | Locator = this.page): Promise<void> {
    await within.getByRole('button', { name: menu }).click()
    await this.page.getByRole('menuitem', { name: item }).click()
  }

  /** Opens the dialog in which the note is shared. */
  async openShare(): Promise<Locator> {
    await this.note.getByRole('button', { name: 'Share', exact: true }).click()
    const dialog = this.page.getByRole('dialog', { name: 'Share' })
    await dialog.waitFor()
    return dialog
  }

  /** Opens the panel with the versions of the note. */
  async openHistory(): Promise<Locator> {
    await this.note.getByRole('button', { name: /versions|history/i }).click()
    const panel = this.page.getByRole('complementary', { name: /history/i })
    await panel.waitFor()
    return panel
  }

  /** Ends the tab as a crash would: nothing in it runs any more. */
  async crash(): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page)
    const crashed = this.page.waitForEvent('crash')
    session.send('Page.crash').catch(() => {}) // nobody is left to answer
    await crashed
  }

  /** Keeps what the tab shows as a picture, where pictures are wanted. */
  async shot(name: string): Promise<void> {
    if (process.env.E2E_PICTURES !== '0') await this.page.screenshot({ path: join(artefacts, `${name}.png`) })
  }
}
