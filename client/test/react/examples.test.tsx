// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fetch as realFetch } from 'undici'
import { afterEach, expect, test, vi } from 'vitest'
import { Real, until } from './real.js'

const real = new Real()
const example = (path: string) => join(import.meta.dirname, '../../examples', path)

afterEach(() => void vi.unstubAllGlobals())

test('the React app of the README is examples/react-app, has at most 30 lines, and works without a network', async () => {
  const file = readFileSync(example('react-app/main.tsx'), 'utf8')
  expect(file.trimEnd().split('\n').length).toBeLessThanOrEqual(30)
  expect(readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')).toContain(file.trimEnd())
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
  document.body.innerHTML = '<div id="root"></div>'
  await act(() => import(example('react-app/main.tsx')))
  fireEvent.click(screen.getByRole('button', { name: 'New note' }))
  await until(() => screen.queryByRole('textbox') !== null)
  fireEvent.change(screen.getByRole('textbox'), { target: { value: 'written offline' } })
  expect((screen.getByRole('textbox') as HTMLTextAreaElement).value).toBe('written offline')
  await until(() => screen.queryByText('offline') !== null)
  fireEvent.click(screen.getByRole('button', { name: 'Delete' }))
  await until(() => screen.queryByRole('textbox') === null)
})

test('examples/node creates a note, and prints what comes', async () => {
  vi.stubGlobal('fetch', realFetch)
  vi.stubGlobal('WebSocket', undefined) // as in Node 20
  const printed: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((...words: unknown[]) => void printed.push(words.join(' ')))
  process.argv[2] = real.server.url
  await import(example('node/main.js'))
  log.mockRestore()
  expect(printed).toEqual(expect.arrayContaining(['connection: connecting', 'connection: connected', expect.stringMatching(/^the server has "Hello" as \S+$/)]))
}, 30_000)
