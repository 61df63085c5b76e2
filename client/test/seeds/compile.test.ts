import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** What the compiler says of a project; nothing, if all is well. */
async function compiled(project: string): Promise<string> {
  const run = promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', join(root, project)], { cwd: root })
  return run.then(({ stdout }) => stdout, (error: { stdout: string }) => error.stdout)
}

test('the examples of both seeds compile, with their imports changed', async () => {
  expect(await compiled('test/seeds')).toBe('')
}, 60_000)

for (const example of ['react-app', 'node']) {
  test(`examples/${example} compiles`, async () => {
    expect(await compiled(`examples/${example}`)).toBe('')
  }, 60_000)
}
