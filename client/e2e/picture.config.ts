import { defineConfig } from 'vitest/config'

/** Makes the README's picture. */
export default defineConfig({
  root: import.meta.dirname,
  test: { include: ['picture.ts'], globalSetup: './harness/build.ts', testTimeout: 120_000 },
})
