import { defineConfig } from 'vitest/config'

/** What a stranger sees of the sync within a minute: no test, but a measurement. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ['first-minute.ts'],
    globalSetup: './harness/leftovers.ts',
    testTimeout: 20 * 60_000,
    disableConsoleIntercept: true,
  },
})
