import type { Folder } from '../../../src/index'

/** A folder with those in it. */
export interface Branch {
  readonly folder: Folder
  readonly depth: number
  readonly below: readonly Branch[]
}

/** Folders as a tree. One whose parent is not there, or is below itself, is at the top. */
export function treeOf(folders: readonly Folder[]): readonly Branch[] {
  const known = new Set(folders.map(folder => folder.id))
  const placed = new Set<string>()
  const branch = (folder: Folder, depth: number): Branch => {
    placed.add(folder.id)
    const below = folders.filter(each => each.parentId === folder.id && !placed.has(each.id))
    return { folder, depth, below: below.map(each => branch(each, depth + 1)) }
  }
  const top = folders.filter(folder => folder.parentId === null || !known.has(folder.parentId)).map(folder => branch(folder, 0))
  const circling = folders.filter(folder => !placed.has(folder.id)).map(folder => (placed.has(folder.id) ? undefined : branch(folder, 0)))
  return [...top, ...circling.filter(each => each !== undefined)]
}

/** All folders in the order of the tree. */
export function flat(branches: readonly Branch[]): readonly Branch[] {
  return branches.flatMap(branch => [branch, ...flat(branch.below)])
}

/** Whether a folder may be put into another: not into itself, nor into what is in it. */
export function mayContain(branches: readonly Branch[], into: string, id: string): boolean {
  const branch = flat(branches).find(each => each.folder.id === id)
  return branch !== undefined && !flat([branch]).some(each => each.folder.id === into)
}
