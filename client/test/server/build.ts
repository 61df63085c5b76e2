import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The server's program. */
    serverProgram: string
  }
}

/** Builds the server from this repository, once for all tests; or takes the program that NOTEWIRE_SERVER names. */
export default function setup(project: TestProject): () => void {
  const dir = mkdtempSync(join(tmpdir(), 'notewire-build-'))
  const given = process.env.NOTEWIRE_SERVER
  const program = given ?? join(dir, 'server')
  if (given === undefined) execFileSync('go', ['build', '-trimpath', '-o', program, './functions/server'], { cwd: join(import.meta.dirname, '../../..'), stdio: 'inherit' })
  project.provide('serverProgram', program)
  return () => rmSync(dir, { recursive: true, force: true })
}
