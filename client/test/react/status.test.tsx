// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { StrictMode, type ReactNode } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocketStatus, WebSocketStatusCompact, type WebSocketStatusName, type WebSocketStatusProps } from '../../react/index.js'
import { lastSyncText } from '../../react/components/relative-time.js'
import { accessible } from './axe.js'

afterEach(cleanup)

const up: WebSocketStatusProps = { status: 'authenticated', isConnected: true, isAuthenticated: true, reconnectAttempts: 0, lastSync: null, joinedNotes: [], error: null }
const show = (ui: ReactNode) => render(<StrictMode>{ui}</StrictMode>)

/** The panel's rows, as it shows them. */
function rows(): Record<string, string | null> {
  const panel = screen.getByRole('group', { name: 'Connection' })
  return Object.fromEntries([...panel.querySelectorAll('dl > div')].map(row => [row.querySelector('dt')?.textContent, row.querySelector('dd')?.textContent ?? null]))
}

describe('the text', () => {
  const names: WebSocketStatusName[] = ['disconnected', 'connecting', 'connected', 'authenticated', 'error', 'reconnecting']
  for (const status of names) {
    for (const isAuthenticated of [true, false]) {
      const text = isAuthenticated && (status === 'connected' || status === 'authenticated') ? 'Connected' : 'Disconnected'
      test(`${status}, ${isAuthenticated ? '' : 'not '}authenticated: ${text}`, () => {
        show(<><WebSocketStatus {...up} status={status} isAuthenticated={isAuthenticated} /><WebSocketStatusCompact status={status} isAuthenticated={isAuthenticated} lastSync={null} /></>)
        expect(screen.getByRole('button').textContent).toBe(text)
        expect(screen.getByRole('button').title).toBe(text)
        expect(document.querySelector('.nw-status-compact')?.textContent).toBe(text)
        expect(document.querySelector('.nw-status-compact')?.getAttribute('title')).toBe(text)
      })
    }
  }
})

test('the icon is good only when it is connected and authenticated', () => {
  const { rerender } = show(<WebSocketStatus {...up} />)
  expect(document.querySelector('.nw-status-icon')?.classList.contains('nw-good')).toBe(true)
  for (const props of [{ isConnected: false }, { isAuthenticated: false }]) {
    rerender(<StrictMode><WebSocketStatus {...up} {...props} /></StrictMode>)
    expect(document.querySelector('.nw-status-icon')?.classList.contains('nw-bad')).toBe(true)
  }
})

test('without details it is the icon alone, with the text as its title', async () => {
  const { container } = show(<WebSocketStatus {...up} showDetails={false} />)
  expect(screen.queryByRole('button')).toBeNull()
  expect(container.textContent).toBe('')
  expect(screen.getByRole('status').title).toBe('Connected')
  await accessible(container)
})

test('the details: its rows, and the attempts only when there are some', () => {
  const { rerender } = show(<WebSocketStatus {...up} joinedNotes={['a', 'b']} />)
  fireEvent.click(screen.getByRole('button'))
  expect(rows()).toEqual({ 'Status:': 'authenticated', 'Connected:': 'Yes', 'Authenticated:': 'Yes', 'Joined Notes:': '2', 'Last Sync:': 'Never' })
  rerender(<StrictMode><WebSocketStatus {...up} status="reconnecting" isConnected={false} isAuthenticated={false} reconnectAttempts={3} /></StrictMode>)
  expect(rows()).toEqual({ 'Status:': 'reconnecting', 'Connected:': 'No', 'Authenticated:': 'No', 'Joined Notes:': '0', 'Last Sync:': 'Never', 'Reconnect Attempts:': '3' })
})

test('the buttons: Disconnect or Connect, Reconnect, and Clear Error only with an error', () => {
  const called: string[] = []
  const on = { onConnect: () => called.push('connect'), onDisconnect: () => called.push('disconnect'), onReconnect: () => called.push('reconnect'), onClearError: () => called.push('clear') }
  const buttons = () => within(screen.getByRole('group')).getAllByRole('button').map(button => button.textContent)
  const { rerender } = show(<WebSocketStatus {...up} {...on} />)
  const opener = screen.getByRole('button', { name: 'Connected' })
  fireEvent.click(opener)
  expect(buttons()).toEqual(['Disconnect', 'Reconnect'])
  fireEvent.click(screen.getByRole('button', { name: 'Disconnect' }))
  expect(screen.queryByRole('group')).toBeNull()
  expect(document.activeElement).toBe(opener)
  rerender(<StrictMode><WebSocketStatus {...up} {...on} status="error" isConnected={false} isAuthenticated={false} error="Please sign in again." /></StrictMode>)
  fireEvent.click(opener)
  expect(buttons()).toEqual(['Connect', 'Reconnect', 'Clear Error'])
  expect(screen.getByRole('alert').textContent).toBe('Error: Please sign in again.')
  for (const name of ['Connect', 'Reconnect', 'Clear Error']) {
    if (!screen.queryByRole('group')) fireEvent.click(opener)
    fireEvent.click(screen.getByRole('button', { name }))
  }
  expect(called).toEqual(['disconnect', 'connect', 'reconnect', 'clear'])
})

test('what the documentation shows works without onConnect and onDisconnect', () => {
  show(<WebSocketStatus {...up} onReconnect={() => {}} onClearError={() => {}} />)
  fireEvent.click(screen.getByRole('button'))
  expect(within(screen.getByRole('group')).getAllByRole('button').map(button => button.textContent)).toEqual(['Reconnect'])
})

test('Escape closes and gives the focus back; so does a second click, and a click elsewhere closes', () => {
  show(<><WebSocketStatus {...up} onReconnect={() => {}} /><p>elsewhere</p></>)
  const opener = screen.getByRole('button', { name: 'Connected' })
  fireEvent.click(opener)
  expect(opener.getAttribute('aria-expanded')).toBe('true')
  screen.getByRole('button', { name: 'Reconnect' }).focus()
  fireEvent.keyDown(document.activeElement!, { key: 'Escape' })
  expect(screen.queryByRole('group')).toBeNull()
  expect(opener.getAttribute('aria-expanded')).toBe('false')
  expect(document.activeElement).toBe(opener)
  fireEvent.click(opener)
  fireEvent.mouseDown(screen.getByText('elsewhere'))
  expect(screen.queryByRole('group')).toBeNull()
  fireEvent.click(opener)
  fireEvent.click(opener)
  expect(screen.queryByRole('group')).toBeNull()
})

test('nothing is wrong for a screen reader, closed and open', async () => {
  const { container } = show(<><WebSocketStatus {...up} error="Oh" onReconnect={() => {}} onClearError={() => {}} /><WebSocketStatusCompact {...up} /></>)
  await accessible(container)
  fireEvent.click(screen.getByRole('button', { name: 'Connected' }))
  await accessible(container)
})

describe('the last sync', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_758_000_000_000 }))
  afterEach(() => void vi.useRealTimers())

  test('in words', () => {
    const now = Date.now()
    const texts: [number, string][] = [
      [0, 'Just now'], [999, 'Just now'], [1000, '1s ago'], [59_999, '59s ago'], [60_000, '1m ago'], [3_599_999, '59m ago'], [3_600_000, '1h ago'],
      [86_399_999, '23h ago'], [86_400_000, new Date(now - 86_400_000).toLocaleDateString()], [-5000, 'Just now'],
    ]
    expect(lastSyncText(null, now)).toBe('Never')
    for (const [ago, text] of texts) expect(lastSyncText(now - ago, now)).toBe(text)
  })

  test('goes on while the details are open', () => {
    show(<WebSocketStatus {...up} lastSync={Date.now()} />)
    fireEvent.click(screen.getByRole('button'))
    expect(rows()['Last Sync:']).toBe('Just now')
    act(() => vi.advanceTimersByTime(5000))
    expect(rows()['Last Sync:']).toBe('5s ago')
  })

  test('is in the title of the compact form', () => {
    show(<WebSocketStatusCompact status="authenticated" isAuthenticated lastSync={Date.now() - 3 * 60_000} onReconnect={() => {}} />)
    expect(screen.getByRole('status').title).toBe('Connected • Last sync: 3m ago')
    act(() => vi.advanceTimersByTime(60_000))
    expect(screen.getByRole('status').title).toBe('Connected • Last sync: 4m ago')
  })
})
