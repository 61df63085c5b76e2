import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { App } from './harness/app'
import { test } from './harness/browser'
import { endsWithRun } from './harness/leftovers'
import { freePort } from './harness/program'
import { soon } from './harness/soon'

const root = join(import.meta.dirname, '../..')

/** What is not on the machine of somebody new; by default it is all there. */
const colds: Readonly<Record<string, { readonly words: string; readonly env: (dir: string) => NodeJS.ProcessEnv }>> = {
  0: { words: 'everything was built here before', env: () => ({}) },
  1: { words: 'nothing was built here before', env: dir => ({ GOCACHE: join(dir, 'built') }) },
  2: { words: 'nothing was built or downloaded here before', env: dir => ({ GOCACHE: join(dir, 'built'), GOMODCACHE: join(dir, 'modules'), GOFLAGS: '-modcacherw' }) },
}
const cold = colds[process.env.COLD ?? 0]

/** Runs a command, as a group of its own. */
async function run(log: string, cwd: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const out = openSync(log, 'a')
  const child = spawn(command, args, { cwd, stdio: ['ignore', out, out], detached: true, env: { ...process.env, ...env } })
  closeSync(out)
  endsWithRun(child, 'group')
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject).once('exit', code => (code === 0 ? resolve() : reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${readFileSync(log, 'utf8').slice(-2000)}`))))
  })
  ended.catch(() => {}) // who waits for it is told
  return { ended, spent: () => spent(child.pid), interrupt: () => child.pid !== undefined && process.kill(-child.pid, 'SIGINT') }
}

/** How long processors worked for what a process has waited for, in words: other work on the machine does not change that. Linux alone tells. */
function spent(pid: number | undefined): string {
  const stat = `/proc/${pid}/stat`
  if (!existsSync(stat)) return ''
  const [, cutime, cstime] = /\) (?:\S+ ){13}(\d+) (\d+)/.exec(readFileSync(stat, 'utf8')) ?? []
  return `, for which processors worked ${((Number(cutime) + Number(cstime)) / 100).toFixed(1)} s`
}

test('the first minute', async ({ open }) => {
  if (!cold) throw new Error('COLD is 0, 1 or 2')
  const { context } = await open()
  const [dir, log] = [tmpdir(), join(tmpdir(), 'log')]
  const begun = performance.now()
  let last = begun
  const step = (words: string) => {
    const now = performance.now()
    console.log(`${((now - begun) / 1000).toFixed(1).padStart(7)} s  ${words} (${((now - last) / 1000).toFixed(1)} s)`)
    last = now
  }
  console.log(`From the clone to somebody else's words, where ${cold.words}; ${loadavg()[0]?.toFixed(1)} processes want the machine.`)

  await (await run(log, dir, 'git', ['clone', '--quiet', `file://${root}`, 'clone'])).ended
  step('cloned')

  const url = `http://localhost:${await freePort()}/`
  const server = await run(log, join(dir, 'clone'), 'make', ['run'], { ...cold.env(dir), PORT: new URL(url).port, DATA_DIR: join(dir, 'data') })
  const answers = () => fetch(url).then(({ ok }) => ok, () => false)
  for (let up = false; !up; up = await Promise.race([answers(), server.ended.then(() => true)])) await new Promise(resolve => setTimeout(resolve, 50))
  step(`\`make run\` answers${server.spent()}`)

  const alice = new App(await context.newPage(), 'alice')
  await alice.page.goto(url)
  const name = alice.page.getByRole('textbox', { name: 'Your name' })
  await name.waitFor()
  step('the page asks who one is')

  expect(await name.inputValue()).toBe('alice')
  await alice.page.getByRole('button', { name: 'Continue' }).click()
  const first = alice.list.getByTestId('welcome')
  await first.waitFor()
  step('signed in, by the name that it suggests')

  await first.click()
  await alice.editor.getByText('Two people, one note').waitFor()
  const [tab] = await Promise.all([context.waitForEvent('page'), alice.page.getByRole('link', { name: 'Open as bob', exact: true }).click()])
  const bob = new App(tab, 'bob')
  await bob.editor.getByText('Two people, one note').waitFor()
  step('a second tab, by the link that it offers, shows the first note to bob')

  await bob.editor.focus()
  await bob.page.keyboard.press('ControlOrMeta+Home')
  await bob.page.keyboard.type('Hello from bob. ')
  await alice.editor.getByText('Hello from bob.').waitFor()
  step("what is written in one is in the other")
  console.log('How long somebody reads and reaches for the mouse is not in it.')
  await soon(() => alice.prompts.count(), 0)
  server.interrupt()
  await server.ended.catch(() => {}) // make says that it was interrupted
})
