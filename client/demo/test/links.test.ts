import { expect, test } from 'vitest'
import { addressAt } from '../src/note/address'

test('a web address is found where it is, and only there', () => {
  const line = 'See https://example.com/a?b=c#d, or not.'
  expect(addressAt(line, 2)).toBeUndefined()
  expect(addressAt(line, 4)).toBe('https://example.com/a?b=c#d')
  expect(addressAt(line, 20)).toBe('https://example.com/a?b=c#d')
  expect(addressAt(line, line.indexOf('or'))).toBeUndefined()
})

test('what is around an address in a text is not in it', () => {
  expect(addressAt('[docs](https://example.com/x)', 12)).toBe('https://example.com/x')
  expect(addressAt('https://example.com/a_(b).', 5)).toBe('https://example.com/a_(b)')
  expect(addressAt('javascript:alert(1) data:text/html,x', 3)).toBeUndefined()
})
