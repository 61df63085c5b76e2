import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '../../..')
const cache = join(import.meta.dirname, '../.cache')

/** The server, with the page that is embedded in it. */
export const serverProgram = join(cache, 'notewire')
/** The bad network. */
export const proxyProgram = join(cache, 'faultproxy')
/** What the tests leave behind to look at. */
export const artefacts = join(import.meta.dirname, '../artefacts')

/**
 * Builds what the tests run. With E2E_PAGE=fresh the page is built from its sources, instead of the one in the repository; with
 * E2E_PAGE=last nothing is built.
 */
export default function build(): void {
  if (process.env.E2E_PAGE === 'last') return
  mkdirSync(cache, { recursive: true })
  mkdirSync(artefacts, { recursive: true })
  go(['build', '-o', proxyProgram, './infra/faultproxy'])
  go(['build', ...(process.env.E2E_PAGE === 'fresh' ? ['-overlay', freshPage()] : []), '-o', serverProgram, './functions/server'])
}

function go(args: readonly string[]): void {
  execFileSync('go', args, { cwd: root, stdio: 'inherit' })
}

/** Builds the page, and answers where it is written down that it takes the place of the other. */
function freshPage(): string {
  const fresh = join(cache, 'app')
  const served = join(root, 'functions/page/app')
  rmSync(fresh, { recursive: true, force: true })
  execFileSync('npx', ['vite', 'build', 'demo', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: join(root, 'client'), stdio: 'inherit', env: { ...process.env, NODE_ENV: 'production' },
  })
  const replace: Record<string, string> = {}
  for (const file of filesOf(served)) replace[join(served, file)] = ''
  for (const file of filesOf(fresh)) replace[join(served, file)] = join(fresh, file)
  const overlay = join(cache, 'overlay.json')
  writeFileSync(overlay, JSON.stringify({ Replace: replace }))
  return overlay
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
}
