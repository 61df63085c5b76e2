import { expect, test } from 'vitest'
import { run } from './schedule.js'

const only = process.env.SEED
const count = Number(process.env.SCHEDULES)

/**
 * Runs schedules 1, 2, 3, …: the same each time, because a schedule is decided by its number alone. 300 of them, with `npm run
 * soak` 1000, with SCHEDULES=n so many, with SEED=n that one. Two files run side by side, each every second one.
 */
export function simulate(half: 0 | 1): void {
  test.skipIf(only !== undefined && half === 1)(`no edit is lost and all converge, in ${only ? `schedule ${only}` : `${count / 2} schedules`} of faults`, { timeout: 3_600_000 }, async () => {
    if (only) {
      const { faults, trace } = await run(Number(only), true)
      console.log(trace.join('\n'))
      return expect(faults).toEqual([])
    }
    const failed: string[] = []
    let edits = 0
    for (let seed = 1 + half; seed <= count; seed += 2) {
      const verdict = await run(seed)
      edits += verdict.edits
      if (verdict.faults.length) failed.push(`SEED=${seed} npx vitest run test/sim: ${verdict.faults[0]}`)
    }
    expect(failed).toEqual([])
    expect(edits).toBeGreaterThan(count)
  })
}
