import { expect, test } from 'vitest'
import { transition, idle, type ConnectionEvent, type Machine } from '../../src/connection/machine.js'
import { Rooms } from '../../src/presence.js'
import { problem } from '../../src/protocol/errors.js'
import { VirtualClock } from '../sim/clock.js'

const env = { now: 1000, random: () => 0.5, online: true, maxAttempts: 1 }
const run = (events: readonly ConnectionEvent[]): Machine => events.reduce((machine, event) => transition(machine, event, env)[0], idle)
const lost = (verdict: 'again' | 'never'): ConnectionEvent =>
  ({ type: 'ended', lived: 0, end: { code: 1006, verdict, problem: problem('network', 'gone') } })

test('one that gave up tries again when the network or the user is back, and not by itself', () => {
  const gaveUp: ConnectionEvent[] = [{ type: 'connect' }, lost('again'), { type: 'timer' }, lost('again')]
  expect(run(gaveUp).state.name).toBe('stopped')
  expect(run([...gaveUp, { type: 'timer' }]).state.name).toBe('stopped')
  for (const type of ['online', 'wake'] as const) expect(run([...gaveUp, { type }]).state.name).toBe('connecting')
})

test('one that was told never to come back does not', () => {
  for (const type of ['online', 'wake'] as const) expect(run([{ type: 'connect' }, lost('never'), { type }]).state.name).toBe('stopped')
})

test('what one shows is renewed before the server forgets it, also on the next connection; nothing is not', async () => {
  const clock = new VirtualClock()
  const sent: string[] = []
  const rooms = new Rooms(clock, frame => sent.push(`${frame.type} ${'data' in frame ? JSON.stringify(frame.data) : ''}`), () => 'me')
  rooms.room('n').set({ here: 1 })
  rooms.room('watched').set(null)
  rooms.close()
  sent.length = 0
  rooms.rejoin()
  await clock.pass(25_000)
  expect(sent.filter(frame => frame.startsWith('presence')).sort()).toEqual(['presence null', 'presence {"here":1}', 'presence {"here":1}'])
})

test('who is in a note that he has just made is in it when the server has it', () => {
  const sent: string[] = []
  const rooms = new Rooms(new VirtualClock(), frame => sent.push(frame.type), () => 'me', () => false)
  rooms.room('n').set({ here: 1 })
  expect(sent).toEqual([])
  rooms.frame({ type: 'note_created_sync', noteId: 'n' } as never)
  rooms.frame({ type: 'note_created_sync', noteId: 'other' } as never)
  expect(sent).toEqual(['join_note', 'presence'])
})

test('nobody else is shown in a note while nothing says who is there', () => {
  const rooms = new Rooms(new VirtualClock(), () => {}, () => 'me')
  const { others } = rooms.room('n')
  rooms.frame({ type: 'presence', noteId: 'n', senderId: 'c2', userId: 'bob', data: { at: 1 } } as never)
  expect(others.get()).toHaveLength(1)
  rooms.alone()
  expect(others.get()).toEqual([])
})

test('what one shows oneself is nothing new, and showing it again sends nothing', () => {
  const sent: string[] = []
  const rooms = new Rooms(new VirtualClock(), frame => sent.push(frame.type), () => 'me')
  const room = rooms.room('n')
  room.set({ name: 'ada' })
  const before = room.others.get()
  rooms.frame({ type: 'presence', noteId: 'n', senderId: 'me', userId: 'ada', data: { name: 'ada' } } as never)
  expect(room.others.get()).toBe(before) // or else who renders shows it anew, for ever
  room.set({ name: 'ada' })
  expect(sent).toEqual(['join_note', 'presence'])
  room.set({ name: 'ada', at: 3 })
  expect(sent).toEqual(['join_note', 'presence', 'presence'])
})
