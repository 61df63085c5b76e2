import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'

/** A program that serves at a port, which it keeps when it is started again. */
export class Program {
  #process: ChildProcess | undefined
  readonly #path: string
  readonly #args: () => readonly string[]
  readonly #env: Readonly<Record<string, string>>

  constructor(path: string, args: () => readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#path = path
    this.#args = args
    this.#env = env
  }

  /** Resolves when the URL answers at all. Rejects if the program ends before. */
  async start(url: string): Promise<void> {
    const child = (this.#process = spawn(this.#path, this.#args(), { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...this.#env } }))
    let ended: unknown
    child.once('error', error => (ended = error)).once('exit', code => (ended ??= new Error(`${this.#path} ended with ${code}`)))
    for (;;) {
      if (ended !== undefined) throw ended
      if (await fetch(url).then(() => true, () => false)) return
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }

  /** Kills it, as a crash would: what it had open is cut. */
  async kill(): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (!child || child.exitCode !== null) return
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
