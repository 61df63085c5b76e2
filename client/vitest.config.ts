import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'

const here = (path: string) => join(import.meta.dirname, path)

/** Tests of the server itself: it is built once for all of them. */
const withServer = ['test/{server,react,seeds}/**/*.test.{ts,tsx}']
const elsewhere = [...configDefaults.exclude, 'dist/**', 'goclient/**', 'e2e/**']

export default defineConfig(({ mode }) => ({
  resolve: {
    alias: [ // the package by its own name, from its sources
      { find: /^notewire$/, replacement: here('src/index.ts') },
      { find: /^notewire\/(react|compat)$/, replacement: here('$1/index.ts') },
      { find: /^notewire\/styles.css$/, replacement: here('react/styles.css') },
      { find: /^notewire\/trpc$/, replacement: here('src/trpc.ts') },
    ],
  },
  test: {
    testTimeout: 60_000, // for machines that have ten other things to do
    hookTimeout: 120_000,
    env: { SCHEDULES: process.env.SCHEDULES ?? (mode === 'soak' ? '1000' : '300') }, // of the simulation
    projects: [
      { extends: true, mode, test: { name: 'alone', exclude: [...elsewhere, ...withServer] } },
      { extends: true, mode, test: { name: 'server', include: withServer, exclude: elsewhere, globalSetup: here('test/server/build.ts') } },
    ],
  },
}))
