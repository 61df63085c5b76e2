import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { has, isObject, noteOf, parseJson } from '../../src/protocol/parse.js'
import { frameOf, parseFrame } from '../../src/protocol/parse-frame.js'
import { problemOf } from '../../src/protocol/problem.js'
import { isErrorCode } from '../../src/protocol/errors.js'
import { batchItem, bodyOf } from '../../src/protocol/up.js'
import type { Mutation } from '../../src/index.js'

const directory = new URL('../../../transport/wire/testdata/', import.meta.url)
const down = readdirSync(new URL('down/', directory)).sort()
const read = (name: string) => readFileSync(new URL(name, directory), 'utf8').trimEnd()

test('there are golden messages', () => expect(down.length).toBeGreaterThan(60))

for (const name of down.filter(name => /^(account|note)\./.test(name))) {
  test(`down/${name} is read as what it says`, () => {
    const text = read(`down/${name}`)
    const raw = JSON.parse(text) as { type: string }
    const frame = parseFrame(text)
    expect(frame.type).toBe(raw.type)
    expect(frame).toMatchObject(raw) // nothing is lost
    if (frame.type === 'error') expect(isErrorCode(frame.code), `${frame.code} has no sentence for people`).toBe(true)
  })
}

const answers: Record<string, (raw: unknown) => boolean> = {
  answer: raw => noteOf(raw) !== undefined || has(raw, 'id:s cursor:s mutationId:s'),
  folderAnswer: raw => has(raw, 'id:s name:s cursor:s mutationId:s'),
  folderDeleteAnswer: raw => has(raw, 'id:s cursor:s mutationId:s'),
  folders: raw => has(raw, 'cursor:s') && Array.isArray(raw.folders) && raw.folders.every(folder => has(folder, 'id:s name:s')),
  note: raw => noteOf(raw) !== undefined,
  version: raw => has(raw, 'version:n op:s timestamp:n'),
  kept: raw => has(raw, 'version:n note:N'),
  batch: raw => isObject(raw) && Array.isArray(raw.results) &&
    raw.results.every(result => has(result, 'mutationId:s cursor:s') || (isObject(result) && problemOf(result.error) !== undefined)),
  error: raw => isObject(raw) && problemOf(raw.error)?.unknownCode === undefined && problemOf(raw.error) !== undefined,
}

for (const name of down.filter(name => name.startsWith('http.'))) {
  test(`down/${name} is read as an answer`, () => {
    const kind = name.split('.')[1] ?? ''
    const reads = answers[kind]
    if (!reads) return expect(isObject(parseJson(read(`down/${name}`)))).toBe(true) // one that only an application reads
    expect(reads(parseJson(read(`down/${name}`)))).toBe(true)
  })
}

test('a frame that is not known is kept as such, with its cursor', () => {
  expect(frameOf({ type: 'hologram', cursor: 'a-7', x: 1 })).toEqual({ type: 'unknown', was: 'hologram', cursor: 'a-7', raw: { type: 'hologram', cursor: 'a-7', x: 1 } })
  expect(frameOf({ type: 'note_sync', cursor: 'a-8' })).toMatchObject({ type: 'unknown', was: 'note_sync', cursor: 'a-8' })
  expect(parseFrame('no json')).toMatchObject({ type: 'unknown', was: '' })
  expect(frameOf({ type: 'toString' })).toMatchObject({ type: 'unknown' })
})

test('a member that is not known does no harm', () => {
  expect(frameOf({ type: 'pong', timestamp: 1, color: 'red' })).toMatchObject({ type: 'pong', timestamp: 1 })
})

const noteId = '8c1f4a2e-5b7d-4c3a-9e10-2f6d8b4a7c51'
const mutationId = '0199566e-7c4e-7b1a-8f00-3d5e9c2b1a40'
const up: Record<string, Mutation> = {
  'http.edit.chained': { op: 'edit', noteId, mutationId, base: { baseMutationId: '0199566e-7c4e-7b1a-8f00-3d5e9c2b1a3f' }, changes: { content: 'milk' } },
  'http.share': { op: 'share', noteId, mutationId, share: { access: 'public', members: [{ userId: 'user_ben', role: 'write' }], remove: ['user_cleo'] } },
  'http.organise': { op: 'organise', noteId, mutationId, fields: { starred: true, addTags: ['home'], removeTags: ['work'] } },
  'http.trash': { op: 'trash', noteId, mutationId },
}

for (const [name, mutation] of Object.entries(up)) {
  test(`up/${name}.json is what this client sends`, () => {
    const golden = parseJson(read(`up/${name}.json`)) as Record<string, unknown>
    const sent = JSON.parse(JSON.stringify(bodyOf(mutation))) as Record<string, unknown>
    expect(Object.keys(sent).sort()).toEqual(Object.keys(golden).sort())
    for (const [member, value] of Object.entries(golden)) if (member !== 'changes') expect(sent[member]).toEqual(value)
  })
}

test('items of a batch are as up/http.batch.json and up/http.batch.folders.json have them', () => {
  const sent = (mutation: Mutation) => JSON.parse(JSON.stringify(batchItem(mutation))) as unknown
  const { mutations } = parseJson(read('up/http.batch.json')) as { mutations: unknown[] }
  expect(sent({ op: 'create', noteId, mutationId: mutationId.slice(0, -2) + '3f', note: { title: 'Shopping' } })).toEqual(mutations[0])
  expect(sent({ op: 'edit', noteId, mutationId, base: { baseMutationId: mutationId.slice(0, -2) + '3f' }, changes: { blob: { text: 'é' } } })).toEqual(mutations[1])
  const folders = (parseJson(read('up/http.batch.folders.json')) as { mutations: unknown[] }).mutations
  const folderId = 'folder-1'
  expect(sent({ op: 'folder_create', folderId, mutationId, folder: { name: 'Errands' } })).toEqual(folders[0])
  expect(sent({ op: 'folder_update', folderId, mutationId, changes: { order: 1 } })).toEqual(folders[2])
  expect(sent({ op: 'folder_delete', folderId, mutationId })).toEqual(folders[3])
  expect(sent({ op: 'purge', noteId, mutationId })).toEqual(folders[5])
})
