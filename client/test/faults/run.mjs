// Repeats the faults that this client's ancestors had, one at a time, in a copy of the client, and sees that the tests that are
// named after it fail there. `npm run faults`; `npm run faults T18` repeats those of one name.
import { Copies } from './copy.mjs'
import { faults as all } from './faults.mjs'
import { runTests } from './vitest.mjs'

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1)) // what was begun is tidied up

const only = process.argv.slice(2)
const faults = all.filter(({ name }) => only.length === 0 || only.includes(name))
const names = [...new Set(faults.map(({ name }) => name))]
const copies = new Copies()
const problems = only.filter(name => !names.includes(name)).map(name => `there is no fault ${name}`)
for (const fault of faults) {
  const times = copies.times(fault)
  if (times !== 1) problems.push(`${fault.name}: the table is stale: ${fault.file} has ${times} times: ${fault.text}`)
}

/** Tests that were seen to fail, by file and name. */
const seen = new Set()
const key = ({ file, name }) => `${file}: ${name}`

const tests = problems.length ? [] : await runTests(copies.sound, copies.testFiles, only.length ? `^(${names.join('|')}):` : '^[TL]\\d+:')
for (const test of tests) if (test.failure) problems.push(`without a fault it fails: ${key(test)}\n${test.failure}`)
if (!problems.length) {
  const left = [...faults]
  const work = async () => {
    for (let fault = left.shift(); fault; fault = left.shift()) await repeat(fault)
  }
  await Promise.all([work(), work()])
  for (const test of tests) if (!seen.has(key(test))) problems.push(`no fault was found by ${key(test)}`)
}

for (const problem of problems) console.error(problem)
if (problems.length) process.exit(1)
console.log(`${names.length} faults in ${faults.length} forms: each was found by its tests, ${tests.length} in all`)

/** Repeats a fault, and tells which tests found it. */
async function repeat(fault) {
  const { name, did, found } = fault
  const begun = performance.now()
  try {
    const results = await runTests(copies.with(fault), Object.keys(found), `^${name}:`)
    console.log(`${name.padEnd(4)} ${((performance.now() - begun) / 1000).toFixed(1)} s  ${did}`)
    for (const [file, prefix] of Object.entries(found)) {
      const wanted = results.filter(test => test.file === file && test.name.startsWith(prefix))
      if (!wanted.length) problems.push(`${name}: there is no test in ${file} that begins with ${prefix}`)
      for (const test of wanted) judge(name, test)
    }
  } catch (error) {
    problems.push(`${name}: ${did}\n${error.message}`)
  }
}

/** A fault is found by an assertion: a test that ends otherwise may have ended so for any reason. */
function judge(name, test) {
  const [first] = (test.failure ?? 'it passed').split('\n')
  const found = first.startsWith('AssertionError: ')
  console.log(`     ${found ? 'found by' : 'NOT FOUND BY'} ${key(test)}\n       ${first.replace('AssertionError: ', '')}`)
  if (found) seen.add(key(test))
  else problems.push(`${name} was not found by ${key(test)}: ${first}`)
}
