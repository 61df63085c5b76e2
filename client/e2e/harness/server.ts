import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serverProgram } from './build'
import { Program, freePort } from './program'

/** A note, as much of it as tests look at. */
export interface StoredNote {
  readonly id: string
  readonly title: string | null
  readonly content: string
  readonly version: number
}

/** The server itself, with a data directory of its own. */
export class Server {
  readonly url: string
  readonly #dir: string
  readonly #program: Program

  private constructor(port: number, env: Readonly<Record<string, string>>, program: string) {
    this.url = `http://127.0.0.1:${port}`
    this.#dir = mkdtempSync(join(tmpdir(), 'data-'))
    this.#program = new Program(program, () => ['serve', `--port=${port}`, `--data-dir=${this.#dir}`, '--log-level=info'], env)
  }

  /**
   * @param env its settings, as in the README
   * @param program a server with another page
   */
  static async start(env: Readonly<Record<string, string>> = {}, program = serverProgram): Promise<Server> {
    const server = new Server(await freePort(), { MAX_STREAMS_PER_USER: '100', WS_MAX_CONNECTIONS_PER_USER: '100', ...env }, program)
    await server.start()
    return server
  }

  start(): Promise<void> {
    return this.#program.start(`${this.url}/readyz`)
  }

  kill(): Promise<void> {
    return this.#program.kill()
  }

  async stop(): Promise<void> {
    await this.kill()
    rmSync(this.#dir, { recursive: true, force: true })
  }

  /** Asks as a user, past every bad network. */
  async ask<T>(user: string, method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.url + path, {
      method, body: body === undefined ? null : JSON.stringify(body),
      headers: { authorization: `Bearer ${await this.token(user)}`, 'content-type': 'application/json' },
    })
    if (!answer.ok) throw new Error(`${method} ${path}: HTTP ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

  /** Makes a note, shared with others who may write. */
  createNote(user: string, note: { title?: string; content?: string; with?: readonly string[] } = {}): Promise<StoredNote> {
    const { with: others = [], ...rest } = note
    return this.ask(user, 'POST', '/api/notes', { ...rest, members: others.map(userId => ({ userId, role: 'write' })) })
  }

  note(user: string, id: string): Promise<StoredNote> {
    return this.ask(user, 'GET', `/api/notes/${id}`)
  }

  /** A token of local mode, a new one. */
  async token(user: string): Promise<string> {
    const { token } = (await (await fetch(`${this.url}/dev/token?user=${user}`)).json()) as { token: string }
    return token
  }
}
