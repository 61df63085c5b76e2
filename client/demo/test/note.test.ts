import { afterEach, expect, test, vi } from 'vitest'
import { readOnly } from '../src/note/access'
import { rated } from '../src/note/rated'
import { note } from './notes'

afterEach(() => void vi.useRealTimers())

test('who may write', () => {
  expect(readOnly(note(), 'alice', 0)).toBeNull()
  expect(readOnly(note({ collaborators: ['bob'], roles: { bob: 'write' } }), 'bob', 0)).toBeNull()
  expect(readOnly(note({ collaborators: ['bob'], roles: { bob: 'read' } }), 'bob', 0)?.why).toContain('Ask alice')
  expect(readOnly(note({ access: 'public' }), 'carl', 0)?.offer).toBe('copy')
  expect(readOnly(note({ deleted: true }), 'alice', 0)?.offer).toBe('restore')
})

test('a note can be written in until it expires', () => {
  const expiring = note({ expiresAt: 1000 })
  expect(readOnly(expiring, 'alice', 999)).toBeNull()
  expect(readOnly(expiring, 'alice', 1000)?.offer).toBe('copy')
})

test('a cursor is told at once, then once a second, and its last place always', () => {
  vi.useFakeTimers({ now: 100_000 })
  const told: (number | null)[] = []
  const { tell } = rated(cursor => told.push(cursor?.head ?? null))
  for (let at = 0; at < 25; at++) {
    tell({ anchor: at, head: at }, false)
    vi.advanceTimersByTime(100)
  }
  vi.advanceTimersByTime(2000)
  expect(told.length).toBeLessThanOrEqual(4)
  expect(told[0]).toBe(0)
  expect(told.at(-1)).toBe(24)
})
