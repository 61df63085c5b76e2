import { defineConfig } from 'vitest/config'

const long = process.env.E2E_LONG === '1'

export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ['**/*.e2e.ts'],
    globalSetup: './harness/build.ts',
    maxWorkers: Number(process.env.E2E_WORKERS ?? 3), // they wait more than they work
    isolate: false, // so that a worker has one browser for all of its files
    testTimeout: long ? 300_000 : 60_000,
    hookTimeout: 60_000,
  },
})
