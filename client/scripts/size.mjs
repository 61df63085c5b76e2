// What an application pays for the core: src/index.ts as a bundler splits it, minified and compressed. `--parts` lists the files.
import { build } from 'esbuild'
import { gzipSync } from 'node:zlib'

const budget = 15 * 1024
const { outputFiles, metafile } = await build({
  entryPoints: ['src/index.ts'], bundle: true, splitting: true, minify: true, format: 'esm', target: 'es2022', outdir: 'out', write: false, metafile: true,
})
const chunks = new Map(Object.entries(metafile.outputs).map(([path, { inputs, imports, entryPoint }]) => {
  const file = outputFiles.find(each => each.path.endsWith(path))
  return [path, { path, inputs, imports, entryPoint, size: gzipSync(file.contents, { level: 9 }).length }]
}))

/** The chunks that are loaded with these. */
function closure(roots, found = new Set()) {
  for (const path of roots) {
    if (found.has(path)) continue
    found.add(path)
    closure(chunks.get(path).imports.filter(each => each.kind === 'import-statement').map(each => each.path), found)
  }
  return found
}
const total = paths => [...paths].reduce((sum, path) => sum + chunks.get(path).size, 0)
const chunkOf = source => [...chunks.values()].find(each => each.entryPoint === source).path

const first = closure([chunkOf('src/index.ts')])
const connected = closure([...first, chunkOf('src/account/member.ts')])
const parts = [
  ['with the page', total(first), first],
  ['when it connects', total(connected) - total(first), connected],
  ['where WebSockets do not work', total(chunks.keys()) - total(connected), new Set(chunks.keys())],
]
let listed = new Set()
for (const [when, size, paths] of parts) {
  console.log(`${String(size).padStart(6)} bytes (gzip) ${when}`)
  if (process.argv.includes('--parts')) {
    const files = [...paths].filter(path => !listed.has(path)).flatMap(path => Object.entries(chunks.get(path).inputs))
    for (const [name, { bytesInOutput }] of files.sort((a, b) => b[1].bytesInOutput - a[1].bytesInOutput)) console.log(`${String(bytesInOutput).padStart(14)} ${name}`)
  }
  listed = new Set([...listed, ...paths])
}
console.log(`${String(total(chunks.keys())).padStart(6)} bytes (gzip) in all; with the page at most ${budget}`)
if (total(first) > budget) process.exit(1)
