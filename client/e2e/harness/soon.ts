import { expect, vi } from 'vitest'

/** Waits until what is asked for is as wanted. Expect's own `poll` cannot be used where tests run side by side. */
export function soon<T>(ask: () => T | Promise<T>, wanted: unknown, timeout = 10_000): Promise<void> {
  return vi.waitFor(async () => {
    expect(await ask()).toEqual(wanted)
  }, { timeout, interval: 40 })
}
