import { expect, test } from 'vitest'
import { flat, mayContain, treeOf } from '../src/nav/tree'
import { folder } from './notes'

const shape = (...folders: Parameters<typeof treeOf>[0]) => flat(treeOf(folders)).map(({ folder, depth }) => `${depth}${folder.id}`)

test('folders are below their parents, in the order that they have', () => {
  expect(shape(folder('b', 'a'), folder('a', null), folder('c', 'b'), folder('d', null))).toEqual(['0a', '1b', '2c', '0d'])
})

test('no folder is lost: neither one without its parent, nor a circle', () => {
  expect(shape(folder('a', 'gone'))).toEqual(['0a'])
  expect(shape(folder('a', 'b'), folder('b', 'a'))).toEqual(['0a', '1b'])
  expect(shape(folder('a', 'a'))).toEqual(['0a'])
})

test('a folder goes neither into itself nor into what is in it', () => {
  const tree = treeOf([folder('a', null), folder('b', 'a'), folder('c', null)])
  expect(mayContain(tree, 'a', 'a')).toBe(false)
  expect(mayContain(tree, 'b', 'a')).toBe(false)
  expect(mayContain(tree, 'c', 'a')).toBe(true)
  expect(mayContain(tree, 'a', 'gone')).toBe(false)
})
