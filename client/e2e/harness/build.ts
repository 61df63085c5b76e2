import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import sweepAfterwards from './leftovers'

const root = join(import.meta.dirname, '../../..')
const cache = join(import.meta.dirname, '../.cache')

/** The server, with the page that is embedded in it. */
export const serverProgram = join(cache, 'notewire')
/** The bad network. */
export const proxyProgram = join(cache, 'faultproxy')
/** What the tests leave behind to look at. */
export const artefacts = join(import.meta.dirname, '../artefacts')

/** Before the tests: builds what they run. */
export default function prepare(): void {
  mkdirSync(artefacts, { recursive: true })
  for (const file of readdirSync(artefacts)) if (file.startsWith('failed-')) rmSync(join(artefacts, file))
  build()
  sweepAfterwards()
}

/**
 * Builds what the tests run. With E2E_PAGE=fresh the page is built from its sources, instead of the one in the repository; with
 * E2E_PAGE=last nothing is built.
 */
function build(): void {
  if (process.env.E2E_PAGE === 'last') return
  mkdirSync(cache, { recursive: true })
  go(['build', '-o', proxyProgram, './infra/faultproxy'])
  buildServer(serverProgram, process.env.E2E_PAGE === 'fresh' ? pageOf('production') : undefined)
}

/** Builds the page with React's development build, in which StrictMode mounts everything twice, and a server with it. */
export function buildForDevelopment(): string {
  const program = join(cache, 'notewire-development')
  if (process.env.E2E_PAGE !== 'last') buildServer(program, pageOf('development'))
  return program
}

/** @param page where it is said which page takes the place of the embedded one */
function buildServer(program: string, page?: string): void {
  go(['build', ...(page === undefined ? [] : ['-overlay', page]), '-o', program, './functions/server'])
}

function go(args: readonly string[]): void {
  execFileSync('go', args, { cwd: root, stdio: 'inherit' })
}

/** Builds the page, and answers where it is written down that it takes the place of the embedded one. */
function pageOf(mode: 'production' | 'development'): string {
  const fresh = join(cache, mode)
  const served = join(root, 'functions/page/app')
  rmSync(fresh, { recursive: true, force: true })
  execFileSync('npx', ['vite', 'build', 'demo', '--mode', mode, '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: join(root, 'client'), stdio: 'inherit', env: { ...process.env, NODE_ENV: mode },
  })
  const replace: Record<string, string> = {}
  for (const file of filesOf(served)) replace[join(served, file)] = ''
  for (const file of filesOf(fresh)) replace[join(served, file)] = join(fresh, file)
  const overlay = join(cache, `${mode}.json`)
  writeFileSync(overlay, JSON.stringify({ Replace: replace }))
  return overlay
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
}
