import { expect, test } from 'vitest'
import { httpOf, serverUrl } from '../../compat/index.js'

test('the server is where VITE_WEBSOCKET_URL says; else in development at localhost:3000; else at the page’s host', () => {
  const page = 'https://notes.example'
  expect(serverUrl({ VITE_WEBSOCKET_URL: 'ws://localhost:3001', DEV: true }, page)).toBe('http://localhost:3001')
  expect(serverUrl({ VITE_WEBSOCKET_URL: 'wss://api.example/ws' }, page)).toBe('https://api.example')
  expect(serverUrl({ DEV: true }, page)).toBe('http://localhost:3000')
  expect(serverUrl({ DEV: false }, page)).toBe(page)
  expect(serverUrl({}, page)).toBe(page)
  expect(serverUrl({}, undefined)).toBe('http://localhost:3000')
  expect(serverUrl({ VITE_WEBSOCKET_URL: '' }, page)).toBe(page)
})

test('ws is http, and wss is https', () => {
  expect(httpOf('ws://localhost:3000')).toBe('http://localhost:3000')
  expect(httpOf('wss://example.org/notes/')).toBe('https://example.org/notes')
  expect(httpOf('wss://example.org/notes/ws')).toBe('https://example.org/notes')
  expect(httpOf('https://example.org')).toBe('https://example.org')
})

test('what is no address is named', () => {
  expect(() => serverUrl({ VITE_WEBSOCKET_URL: 'localhost 3000' })).toThrow('VITE_WEBSOCKET_URL is "localhost 3000"')
  expect(() => serverUrl({ VITE_WEBSOCKET_URL: 'ftp://localhost' })).toThrow('must begin with ws: or wss:')
})
