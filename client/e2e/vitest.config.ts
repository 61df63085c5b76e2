import { defineConfig } from 'vitest/config'
import { chromiumPath, noChromium } from './harness/chromium.ts'

const long = process.env.E2E_LONG === '1'

if (chromiumPath() === undefined) {
  console.error(noChromium)
  process.exit(process.env.CI === 'true' ? 1 : 0)
}

export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ['**/*.e2e.ts'],
    globalSetup: './harness/build.ts',
    maxWorkers: Number(process.env.E2E_WORKERS ?? 3), // they wait more than they work
    isolate: false, // so that a worker has one browser for all of its files
    testTimeout: long ? 300_000 : 120_000, // for machines that have ten other things to do
    hookTimeout: 120_000,
  },
})
