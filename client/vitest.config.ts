import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

const here = (path: string) => join(import.meta.dirname, path)

export default defineConfig({
  resolve: {
    alias: [ // the package by its own name, from its sources
      { find: /^notewire$/, replacement: here('src/index.ts') },
      { find: /^notewire\/(react|compat)$/, replacement: here('$1/index.ts') },
      { find: /^notewire\/styles.css$/, replacement: here('react/styles.css') },
      { find: /^notewire\/trpc$/, replacement: here('src/trpc.ts') },
    ],
  },
  test: { exclude: ['**/node_modules/**', 'dist/**', 'goclient/**'], testTimeout: 20_000 },
})
