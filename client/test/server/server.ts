import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetch } from 'undici' // a test page's own prints what it cannot reach
import { inject } from 'vitest'
import type {} from './build.js'

/** The server itself, with a directory of its own. */
export class RealServer {
  readonly url: string
  readonly #dir: string
  readonly #program: string
  #process: ChildProcess | undefined

  private constructor(dir: string, program: string, port: number) {
    this.#dir = dir
    this.#program = program
    this.url = `http://127.0.0.1:${port}`
  }

  static async start(): Promise<RealServer> {
    const dir = mkdtempSync(join(tmpdir(), 'notewire-'))
    const server = new RealServer(dir, inject('serverProgram'), await freePort())
    await server.run()
    return server
  }

  async run(): Promise<void> {
    const { port } = new URL(this.url)
    this.#process = spawn(this.#program, ['serve', `--port=${port}`, `--data-dir=${join(this.#dir, 'data')}`, '--log-level=warn'], { stdio: ['ignore', 'ignore', 'inherit'] })
    let ended: unknown
    this.#process.once('error', error => (ended = error)).once('exit', code => (ended ??= new Error(`it ended with ${code}`)))
    for (;;) {
      if (ended !== undefined) throw ended
      const ready = await fetch(`${this.url}/readyz`).then(answer => answer.ok, () => false)
      if (ready) return
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

  /** Kills it, as a crash would. */
  async kill(): Promise<void> {
    const ended = new Promise(resolve => this.#process?.once('exit', resolve))
    this.#process?.kill('SIGKILL')
    await ended
  }

  async stop(): Promise<void> {
    await this.kill()
    rmSync(this.#dir, { recursive: true, force: true })
  }

  /** A token of local mode. */
  async token(user: string): Promise<string> {
    const answer = (await (await fetch(`${this.url}/dev/token?user=${user}`)).json()) as { token: string }
    return answer.token
  }
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
