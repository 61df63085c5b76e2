import { expect, test } from 'vitest'
import { clerkOrigin } from '../src/session/clerk'

const keyOf = (host: string, kind = 'test') => `pk_${kind}_${btoa(`${host}$`)}`

test('a publishable key says where its application is', () => {
  expect(clerkOrigin(keyOf('clerk.example.com', 'live'))).toBe('https://clerk.example.com')
  expect(clerkOrigin(keyOf('happy-fox-1.clerk.accounts.dev'))).toBe('https://happy-fox-1.clerk.accounts.dev')
  expect(clerkOrigin(keyOf('clerk.example.com').replace(/=+$/, ''))).toBe('https://clerk.example.com')
})

test('what is not a publishable key is refused, and names no place to load a script from', () => {
  for (const wrong of ['', 'pk_test_', 'pk_test_!!!', keyOf('evil.example/path'), keyOf('user@evil.example'), keyOf('evil.example').replace('pk_', 'sk_')]) {
    expect(() => clerkOrigin(wrong), wrong).toThrow('CLERK_PUBLISHABLE_KEY')
  }
})
