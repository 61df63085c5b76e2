import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const server = process.env.NOTEWIRE_URL ?? 'http://127.0.0.1:3000'

/** In development nobody else puts in what the server knows. */
function serverMarks(): Plugin {
  return { name: 'server-marks', apply: 'serve', transformIndexHtml: html => html.replace('CLERK_PUBLISHABLE_KEY', process.env.CLERK_PUBLISHABLE_KEY ?? '') }
}

/** Adds the service worker, which keeps what was built. */
function serviceWorker(): Plugin {
  const source = new URL('src/offline/service-worker.js', import.meta.url)
  return {
    name: 'service-worker',
    apply: 'build',
    enforce: 'post', // when the page is made
    generateBundle(_, bundle) {
      const code = readFileSync(source, 'utf8')
      const files = Object.keys(bundle).filter(name => name.startsWith('page/')).sort()
      const html = bundle['index.html']?.type === 'asset' ? bundle['index.html'].source : ''
      const version = createHash('sha256').update(code + files.join() + html).digest('hex').slice(0, 12)
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: code.replace('FILES', JSON.stringify(files)).replace('VERSION', version) })
    },
  }
}

// The Go server embeds what is built, and serves it below /page/: the same sources make the same bytes.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), serverMarks(), serviceWorker()],
  build: {
    outDir: '../../functions/page/app',
    emptyOutDir: true,
    assetsDir: 'page',
    assetsInlineLimit: 0,
    target: 'es2022',
    cssTarget: ['chrome123', 'safari17.5', 'firefox121'], // so that light-dark() stays
    sourcemap: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'editor', test: /node_modules\/(@codemirror|@lezer|style-mod|w3c-keyname|crelt|@marijn)\// },
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(['/api', '/dev', '/ws'].map(path => [path, { target: server, ws: path === '/ws' }])),
  },
})
