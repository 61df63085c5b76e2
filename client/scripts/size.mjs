// What an application pays for the core: src/index.ts, bundled, minified, compressed.
import { build } from 'esbuild'
import { gzipSync } from 'node:zlib'

const budget = 23.5 * 1024
const { outputFiles, metafile } = await build({
  entryPoints: ['src/index.ts'], bundle: true, minify: true, format: 'esm', target: 'es2022', write: false, metafile: true,
})
const size = gzipSync(outputFiles[0].contents, { level: 9 }).length
if (process.argv.includes('--parts')) {
  const [{ inputs }] = Object.values(metafile.outputs)
  for (const [name, { bytesInOutput }] of Object.entries(inputs).sort((a, b) => b[1].bytesInOutput - a[1].bytesInOutput)) console.log(`${bytesInOutput}\t${name}`)
}
console.log(`the core is ${size} bytes (gzip) of at most ${budget}`)
if (size > budget) process.exit(1)
