import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { artefacts } from './build'
import type { Device } from './device'
import { programs } from './program'

/** Of a log or a console, so many lines are shown; the rest is in a file. */
const shown = 12

/** Keeps what can be seen of a test that failed: what each tab shows and said, and what each program logged. Answers where it is. */
export async function report(test: string, devices: readonly Device[]): Promise<string> {
  const file = (what: string) => join(artefacts, `failed-${`${test} ${what}`.replace(/[^A-Za-z0-9]+/g, '-')}`)
  const lines = [`what was seen of "${test}":`]
  const more = (text: string) => lines.push(...text.split('\n').slice(-shown).map(line => `    ${line}`))
  for (const [i, app] of devices.flatMap(device => device.apps).entries()) {
    const picture = `${file(`${app.user} ${i + 1}`)}.png`
    const taken = await app.page.screenshot({ path: picture, timeout: 5000 }).then(() => picture, () => 'no picture, it is gone')
    lines.push(`  ${app.user || 'nobody'} at ${app.page.url()}: ${taken}`)
    if (app.said.length > 0) more(app.said.join('\n'))
  }
  for (const program of programs()) {
    const log = `${file(program.name)}.log`
    writeFileSync(log, program.log(2000))
    lines.push(`  ${program.name}: ${log}`)
    more(program.log(shown) || 'it logged nothing')
  }
  return lines.join('\n')
}
