import { useMemo, useState } from 'react'
import { useClient, useReadable } from '../../../react/index'
import { isListed, type Filter } from '../list/filter'
import { useSettled } from '../list/use-settled'
import { Icon } from '../ui/icon'
import { folderMedium } from './drag'
import { FolderName } from './folder-name'
import { FolderRow } from './folder-row'
import { flat, mayContain, treeOf } from './tree'

/** One's folders. */
export function FolderTree({ filter, onFilter }: { filter: Filter; onFilter: (filter: Filter) => void }) {
  const client = useClient()
  const folders = useReadable(client.folders)
  const notes = useReadable(client.notes)
  const [creating, setCreating] = useState<{ parentId: string | null } | null>(null)
  const [over, setOver] = useState(false)
  const settled = useSettled()
  const tree = useMemo(() => treeOf(folders), [folders])
  const counts = useMemo(() => {
    const counts = new Map<string, number>()
    for (const { folderId } of notes.filter(isListed)) if (folderId !== null) counts.set(folderId, (counts.get(folderId) ?? 0) + 1)
    return counts
  }, [notes])

  const create = (name: string) => {
    const parentId = creating?.parentId ?? null
    setCreating(null)
    const made = client.createFolder({ name, color: palette[folders.length % palette.length] ?? palette[0], ...(parentId === null ? {} : { parentId }) })
    made.done.catch(() => {}) // a refusal is in the outbox
    onFilter({ kind: 'folder', id: made.noteId })
  }
  const nest = (id: string, parentId: string | null) => {
    if (parentId !== null && !mayContain(tree, parentId, id)) return
    client.updateFolder(id, { parentId }).done.catch(() => {})
  }
  const form = <FolderName label="Name of the new folder" onDone={create} onCancel={() => setCreating(null)} />
  return (
    <div className="nav-group">
      <div
        className="nav-heading-row" data-over={over || undefined}
        onDragOver={event => {
          if (!event.dataTransfer.types.includes(folderMedium)) return
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={event => {
          setOver(false)
          nest(event.dataTransfer.getData(folderMedium), null)
        }}
      >
        <h2 className="nav-heading">Folders</h2>
        <button type="button" className="icon-button small" aria-label="New folder" title="New folder" onClick={() => setCreating({ parentId: null })}>
          <Icon name="plus" />
        </button>
      </div>
      {creating?.parentId === null && form}
      {folders.length === 0 && creating === null && settled && <p className="nav-empty">No folders yet.</p>}
      <ul className="folder-list">
        {flat(tree).map(({ folder, depth, below }) => (
          <FolderRow
            key={folder.id} folder={folder} depth={depth} count={counts.get(folder.id) ?? 0} hasFolders={below.length > 0} tree={tree}
            current={filter.kind === 'folder' && filter.id === folder.id} onChoose={() => onFilter({ kind: 'folder', id: folder.id })}
            onNest={nest} onSubfolder={() => setCreating({ parentId: folder.id })} onDeleted={() => onFilter({ kind: 'all' })}
          >
            {creating?.parentId === folder.id && form}
          </FolderRow>
        ))}
      </ul>
    </div>
  )
}

/** Quiet colors that can be told apart on light and on dark. */
export const palette = ['#0f766e', '#2563eb', '#9333ea', '#db2777', '#dc2626', '#d97706', '#65a30d', '#6b7280'] as const
