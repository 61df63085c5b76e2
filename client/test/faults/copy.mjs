import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const client = join(import.meta.dirname, '../..')
const parts = ['src', 'react', 'compat', 'test', 'package.json', 'tsconfig.json']

/** Copies of the client's sources as they are now. They go with this process. */
export class Copies {
  /** The one without a fault. */
  sound
  #dir = realpathSync(mkdtempSync(join(tmpdir(), 'notewire-faults-')))
  #last = 0

  constructor() {
    process.once('exit', () => rmSync(this.#dir, { recursive: true, force: true }))
    this.sound = this.#copy(client)
  }

  /** A copy with a fault. */
  with({ file, text, fault }) {
    const copy = this.#copy(this.sound)
    writeFileSync(join(copy, file), this.#read(file).replace(text, () => fault))
    return copy
  }

  /** How often the text is there that a fault replaces: if not once, the table is stale. */
  times({ file, text }) {
    return this.#read(file).split(text).length - 1
  }

  /** The files that have tests with the name of a fault. */
  get testFiles() {
    const files = readdirSync(join(this.sound, 'test'), { recursive: true }).map(path => join('test', path))
    return files.filter(path => /\.test\.tsx?$/.test(path) && /^ *test\('[TL]\d+:/m.test(this.#read(path)))
  }

  #read(file) {
    return readFileSync(join(this.sound, file), 'utf8')
  }

  #copy(from) {
    const to = join(this.#dir, String(this.#last++))
    for (const part of parts) cpSync(join(from, part), join(to, part), { recursive: true })
    symlinkSync(join(client, 'node_modules'), join(to, 'node_modules'))
    return to
  }
}
