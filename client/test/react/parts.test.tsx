// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { StrictMode, type ReactNode } from 'react'
import { afterEach, expect, test } from 'vitest'
import { DiffView, PresenceAvatars, SyncIndicator, SyncNotification, colorOf } from '../../react/index.js'
import { accessible } from './axe.js'

afterEach(cleanup)

const show = (ui: ReactNode) => render(<StrictMode>{ui}</StrictMode>)

test('SyncIndicator says that it syncs while it is visible', async () => {
  const { container, rerender } = show(<SyncIndicator isVisible />)
  expect(screen.getByRole('status').textContent).toBe('Syncing...')
  await accessible(container)
  rerender(<StrictMode><SyncIndicator isVisible message="Saving 3 notes" /></StrictMode>)
  expect(screen.getByRole('status').textContent).toBe('Saving 3 notes')
  rerender(<StrictMode><SyncIndicator isVisible={false} /></StrictMode>)
  expect(screen.getByRole('status').textContent).toBe('')
})

test('SyncNotification shows its message until it is dismissed; errors interrupt', async () => {
  let dismissed = 0
  for (const type of ['success', 'error', 'info'] as const) {
    const { container, unmount } = show(<SyncNotification type={type} message="Done" isVisible onDismiss={() => dismissed++} />)
    expect(screen.getByRole(type === 'error' ? 'alert' : 'status').className).toContain(`nw-${type}`)
    await accessible(container)
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }))
    unmount()
  }
  expect(dismissed).toBe(3)
  const { container } = show(<SyncNotification type="info" message="Done" isVisible={false} />)
  expect(container.textContent).toBe('')
})

test('PresenceAvatars shows each person once, some of many, and nobody as nothing', async () => {
  const people = ['ada', 'bob', 'cleo', 'dan'].map((userId, i) => ({ senderId: `c${i}`, userId, data: { name: userId } }))
  const { container, rerender } = show(<PresenceAvatars others={[...people, { ...people[0]!, senderId: 'c9' }]} max={2} nameOf={p => (p.data as { name: string }).name} />)
  expect(screen.getByRole('list').getAttribute('aria-label')).toBe('Also here: ada, bob, cleo, dan')
  expect(screen.getAllByRole('listitem').map(item => item.textContent)).toEqual(['A', 'B', '+2'])
  await accessible(container)
  rerender(<StrictMode><PresenceAvatars others={[]} /></StrictMode>)
  expect(container.textContent).toBe('')
  expect(colorOf('ada')).toBe(colorOf('ada'))
})

test('DiffView shows what came and what went', async () => {
  const { container } = show(<DiffView diff={{
    from: 1, to: 2, fields: [{ name: 'title', before: null, after: 'Plan' }],
    content: { hunks: [{ op: 'equal', text: 'one ' }, { op: 'delete', text: 'two' }, { op: 'insert', text: 'three' }, { op: 'skip', lines: 40 }] },
    blob: [{ path: '/done', before: false, after: true }, { path: '/at', after: 7 }],
    members: { added: [{ userId: 'bob', role: 'write' }], removed: [{ userId: 'eve', role: 'read' }], changed: [] },
  }} />)
  expect([...container.querySelectorAll('ins')].map(each => each.textContent)).toEqual(['Plan', 'may write', 'true', '7', 'three'])
  expect([...container.querySelectorAll('del')].map(each => each.textContent)).toEqual(['(none)', 'may read', 'false', 'two'])
  expect(screen.getByText('40 lines as before')).toBeTruthy()
  await accessible(container)
  show(<DiffView diff={{ from: 1, to: 2, fields: [], content: { hunks: [] }, blob: [] }} />)
  expect(screen.getByText('The text is the same.')).toBeTruthy()
})
