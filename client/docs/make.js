// Makes the reference in api/ from the docstrings. With --check it changes nothing, and fails if api/ is not what would be made.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, cpSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { brokenLinks } from './links.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const api = join(here, 'api')
const typedoc = join(here, 'node_modules/typedoc/bin/typedoc')
if (!existsSync(typedoc)) fail('TypeDoc is not installed: npm ci --prefix docs')

const made = mkdtempSync(join(tmpdir(), 'notewire-docs-'))
process.on('exit', () => rmSync(made, { recursive: true, force: true }))
const { status } = spawnSync(process.execPath, [typedoc, '--out', made], { cwd: here, stdio: 'inherit' })
if (status !== 0) fail('the reference cannot be made: see above')
const pages = pagesIn(made)
const broken = brokenLinks(pages)
if (broken.length) fail(`links that lead nowhere:\n${broken.join('\n')}`)
if (process.argv.includes('--check')) check(pages, pagesIn(api))
else {
  rmSync(api, { recursive: true, force: true })
  cpSync(made, api, { recursive: true })
}

/** The text of each page, by its name. */
function pagesIn(folder) {
  if (!existsSync(folder)) return new Map()
  return new Map(readdirSync(folder).sort().map(name => [name, readFileSync(join(folder, name), 'utf8')]))
}

function check(wanted, kept) {
  const names = new Set([...wanted.keys(), ...kept.keys()])
  const stale = [...names].filter(name => wanted.get(name) !== kept.get(name))
  if (stale.length) fail(`the reference is not that of the source: ${stale.map(name => `docs/api/${name}`).join(', ')}\nrenew it: npm run docs`)
}

function fail(why) {
  console.error(why)
  process.exit(1)
}
