import { defineConfig } from 'vitest/config'

/** What these tests need: no server, and little patience. As threads they end with their process, also one that hangs. */
export default defineConfig({ test: { testTimeout: 10_000, pool: 'threads', cache: false, reporters: ['json'], outputFile: 'results.json' } })
