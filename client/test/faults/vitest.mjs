import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** How long the tests of one copy may take, in milliseconds. */
const patience = 60_000

const running = new Set()
process.once('exit', () => running.forEach(child => child.kill('SIGKILL')))

/**
 * Runs the tests of some files in a copy whose names match. Answers those that ran; rejects where they could not.
 *
 * @param {string} copy
 * @param {readonly string[]} files
 * @param {string} names a regular expression
 * @returns {Promise<{ file: string, name: string, failure: string | undefined }[]>}
 */
export async function runTests(copy, files, names) {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--root', '.', '--config', 'test/faults/vitest.config.ts', '-t', names, ...files]
  const child = spawn(process.execPath, args, {
    cwd: copy, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, NO_COLOR: '1' }, timeout: patience, killSignal: 'SIGKILL',
  })
  running.add(child)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', text => (said += text))
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  running.delete(child)
  if (code === null) throw new Error(`the tests were killed after ${patience} ms: one hangs`)
  const results = join(copy, 'results.json')
  if (!existsSync(results)) throw new Error(`the tests did not run: ${said}`)
  return JSON.parse(readFileSync(results, 'utf8')).testResults.flatMap(({ name: path, message, assertionResults }) => {
    if (!assertionResults.length) throw new Error(`${relative(copy, path)} did not run: ${message}`)
    return assertionResults.filter(({ status }) => status === 'passed' || status === 'failed').map(({ title, failureMessages }) => ({
      file: relative(copy, path), name: title, failure: failureMessages[0],
    }))
  })
}
