import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { endsWithRun } from './leftovers'

/** The programs that were started and not stopped. */
const running = new Set<Program>()

/** What is running now, for who wants to know what it logged. */
export function programs(): readonly Program[] {
  return [...running]
}

/** A program that serves at a port, which it keeps when it is started again. */
export class Program {
  readonly name: string
  #process: ChildProcess | undefined
  readonly #path: string
  readonly #args: () => readonly string[]
  readonly #env: Readonly<Record<string, string>>
  readonly #log: string

  constructor(path: string, args: () => readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.name = basename(path)
    this.#path = path
    this.#args = args
    this.#env = env
    this.#log = join(mkdtempSync(join(tmpdir(), `${this.name}-`)), 'log')
  }

  /** Resolves when the URL answers at all. Rejects if the program ends before. */
  async start(url: string): Promise<void> {
    const log = openSync(this.#log, 'a')
    const child = (this.#process = spawn(this.#path, this.#args(), { stdio: ['ignore', log, log], env: { ...process.env, ...this.#env } }))
    closeSync(log)
    running.add(this)
    endsWithRun(child)
    let ended: unknown
    child.once('error', error => (ended = error)).once('exit', code => (ended ??= new Error(`${this.#path} ended with ${code}:\n${this.log(20)}`)))
    for (;;) {
      if (ended !== undefined) throw ended
      if (await fetch(url).then(() => true, () => false)) return
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }

  /** The last lines that it said. */
  log(lines: number): string {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : ''
  }

  /** Kills it, as a crash would: what it had open is cut. */
  async kill(): Promise<void> {
    const child = this.#process
    this.#process = undefined
    running.delete(this)
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
}

/** A port that nobody listens at. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
