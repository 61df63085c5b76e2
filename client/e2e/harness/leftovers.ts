import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Waits for the end of the run, which closes its stdin however it comes; then ends what was started, and removes what was
 * written.
 */
const sweep = `trap '' HUP INT TERM
cat >/dev/null
cd "$1" || exit
for each in *.pid; do
  if [ -e "$each" ]; then kill -9 "\${each%.pid}" 2>/dev/null && sleep 0.3; fi
done
cd /
for try in 1 2 3 4 5; do rm -rf "$1" 2>/dev/null && break; sleep 0.3; done`

/**
 * Makes a folder for all that a run writes, which is the TMPDIR of everything that it starts. When this process ends, also where
 * it is interrupted or killed, the folder is removed, and what still runs is ended.
 */
export default function sweepAfterwards(): void {
  const dir = mkdtempSync(join(tmpdir(), 'notewire-e2e-'))
  process.env.TMPDIR = dir
  const sweeper = spawn('sh', ['-c', sweep, 'sweep', dir], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env: { PATH: process.env.PATH } })
  sweeper.unref()
  ;(sweeper.stdin as Socket).unref() // it keeps nobody waiting
}

/** Has a process end with the run, if it has not ended before: this one, if no other is named. Of a group, its leader is named. */
export function endsWithRun(child: ChildProcess | NodeJS.Process = process, group?: 'group'): void {
  if (child.pid === undefined) return
  const note = join(tmpdir(), `${group ? -child.pid : child.pid}.pid`)
  writeFileSync(note, '')
  if (child !== process) child.once('exit', () => rmSync(note, { force: true }))
}
