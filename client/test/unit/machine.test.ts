import { expect, test } from 'vitest'
import type { End, Verdict } from '../../src/protocol/close.js'
import { codeOfLast, endOf, endOfRefusal, verdictOf } from '../../src/protocol/close.js'
import { problem } from '../../src/protocol/errors.js'
import { idle, transition, type ConnectionEvent, type Machine, type MachineEnv } from '../../src/connection/machine.js'
import { backoff } from '../../src/connection/backoff.js'

const env: MachineEnv = { now: 1000, random: () => 0.5, online: true, maxAttempts: Infinity }
const end = (verdict: Verdict, retryAfterMs?: number): End =>
  ({ code: 1006, verdict, problem: problem('network', 'gone'), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
const ready: ConnectionEvent = { type: 'ready', transport: 'websocket', userId: 'ada', connectionId: 'c1' }

function after(events: readonly ConnectionEvent[], more: Partial<MachineEnv> = {}): [Machine, string[]] {
  return events.reduce<[Machine, string[]]>(([machine, done], event) => {
    const [next, effects] = transition(machine, event, { ...env, ...more })
    return [next, [...done, ...effects.map(effect => effect.type)]]
  }, [idle, []])
}

test('connect opens, ready connects, close shuts', () => {
  expect(after([{ type: 'connect' }])).toEqual([{ state: { name: 'connecting', attempt: 0 }, attempt: 0 }, ['open']])
  expect(after([{ type: 'connect' }, ready])[0].state).toMatchObject({ name: 'connected', transport: 'websocket', userId: 'ada', since: 1000 })
  expect(after([{ type: 'connect' }, ready, { type: 'close' }])).toEqual([idle, ['open', 'shut']])
})

test('connecting twice opens once', () => expect(after([{ type: 'connect' }, { type: 'connect' }, ready, { type: 'connect' }])[1]).toEqual(['open']))

test('an end waits, longer each time, and tries again', () => {
  const [machine, effects] = after([{ type: 'connect' }, { type: 'ended', end: end('again'), lived: 0 }, { type: 'timer' }, { type: 'ended', end: end('again'), lived: 0 }])
  expect(machine).toMatchObject({ attempt: 2, state: { name: 'waiting', attempt: 2, retryAt: 2000 } })
  expect(effects).toEqual(['open', 'shut', 'wait', 'open', 'shut', 'wait'])
})

test('a connection that lived begins anew', () => {
  const ended: ConnectionEvent = { type: 'ended', end: end('again'), lived: 10_000 }
  expect(after([{ type: 'connect' }, { type: 'ended', end: end('again'), lived: 0 }, { type: 'timer' }, ready, ended])[0]).toMatchObject({ attempt: 1 })
})

test('retryAfterMs of 0 is believed of a connection that lived a second, and of no other', () => {
  const state = (lived: number) => after([{ type: 'connect' }, ready, { type: 'ended', end: end('again', 0), lived }])[0].state
  expect(state(1000)).toMatchObject({ retryAt: 1000 })
  expect(state(10)).toMatchObject({ retryAt: 1500 })
})

test('retryAfterMs is the least there is, and a little more by chance', () => {
  expect(backoff(0, () => 0, 2000)).toBe(2000)
  expect(backoff(9, () => 0.99, 2000)).toBeLessThan(3000)
})

test('T18: full jitter, doubling up to 30 s, and it never gives up by itself', () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 100].map(attempt => backoff(attempt, () => 0.999999))
  expect(longest.map(ms => Math.round(ms / 1000))).toEqual([1, 2, 4, 8, 16, 30, 30, 30])
  expect(backoff(5, () => 0)).toBe(0)
  const many = Array.from({ length: 50 }, (): ConnectionEvent[] => [{ type: 'ended', end: end('again'), lived: 0 }, { type: 'timer' }]).flat()
  expect(after([{ type: 'connect' }, ...many])[0]).toMatchObject({ attempt: 50, state: { name: 'connecting' } })
})

test('it gives up after as many attempts as it was told', () => {
  expect(after([{ type: 'connect' }, { type: 'ended', end: end('again'), lived: 0 }], { maxAttempts: 0 })[0].state).toMatchObject({ name: 'stopped' })
})

test('T18: offline closes, online opens at once, wake looks whether it is still there', () => {
  expect(after([{ type: 'connect' }, ready, { type: 'offline' }])).toMatchObject([{ state: { name: 'offline' } }, ['open', 'shut']])
  expect(after([{ type: 'connect' }, { type: 'offline' }, { type: 'online' }])[0].state).toMatchObject({ name: 'connecting', attempt: 0 })
  expect(after([{ type: 'connect' }, ready, { type: 'wake' }])[1]).toEqual(['open', 'check'])
  expect(after([{ type: 'connect' }], { online: false })).toEqual([{ state: { name: 'offline' }, attempt: 0 }, []])
})

test('who has to sign in is waited for, without the network', () => {
  const [machine, effects] = after([{ type: 'connect' }, ready, { type: 'ended', end: end('sign-in'), lived: 5 }])
  expect(machine.state.name).toBe('needs-auth')
  expect(effects).toEqual(['open', 'shut', 'watch-token'])
  expect(transition(machine, { type: 'token' }, env)[0].state.name).toBe('connecting')
})

test('what says never does not come back, but for the user', () => {
  const [machine] = after([{ type: 'connect' }, ready, { type: 'ended', end: end('never'), lived: 5 }])
  expect(machine.state.name).toBe('stopped')
  for (const type of ['timer', 'online', 'wake'] as const) expect(transition(machine, { type }, env)[0]).toBe(machine)
  expect(transition(machine, { type: 'reconnect' }, env)[0].state.name).toBe('connecting')
})

test('close codes say what to do (PROTOCOL.md, section 7)', () => {
  const again = [1001, 1006, 1011, 1012, 4000, 4001, 4002, 4004, 4005, 4006, 4007, 4499]
  for (const code of again) expect([code, verdictOf(code)]).toEqual([code, 'again'])
  expect(verdictOf(4003)).toBe('fresh-token')
  for (const code of [4500, 4502, 4503]) expect([code, verdictOf(code)]).toEqual([code, 'sign-in'])
  for (const code of [1000, 1009, 4501, 4504, 4999]) expect([code, verdictOf(code)]).toEqual([code, 'never'])
})

test('L9: a connection that ended with 1000, and a note that is gone, are not tried again', () => {
  const gone = endOfRefusal(problem('not_found', 'Note not found', { status: 404 }))
  for (const end of [endOf(1000, undefined), gone]) {
    expect(after([{ type: 'connect' }, ready, { type: 'ended', end, lived: 5000 }])[0].state.name).toBe('stopped')
  }
})

test('where there is no close code the last frame says it (section 7.1)', () => {
  expect(codeOfLast({ type: 'reconnect', code: 4000, reason: 'x', retryAfterMs: 1 })).toBe(4000)
  expect(codeOfLast({ type: 'auth_failed', message: '', reason: 'token-expired' })).toBe(4003)
  expect(codeOfLast({ type: 'auth_failed', message: '', reason: 'signed-out' })).toBe(4503)
  expect(codeOfLast({ type: 'auth_failed', message: '', reason: 'auth-failed' })).toBe(4500)
  expect(codeOfLast({ type: 'error', code: 'unauthenticated', message: '' })).toBe(4004)
  expect(codeOfLast({ type: 'error', code: 'rate_limited', message: '' })).toBe(4005)
  expect(codeOfLast({ type: 'error', code: 'forbidden', message: '' })).toBe(4501)
  expect(codeOfLast(undefined)).toBe(1006)
})
