import { useState, type ReactNode } from 'react'
import type { Folder } from '../../../src/index'
import { useClient } from '../../../react/index'
import { Confirm } from '../ui/confirm'
import { Icon } from '../ui/icon'
import { Menu, type MenuItem } from '../ui/menu'
import { moveNote } from '../note/put-away'
import { ColorDialog } from './color-dialog'
import { folderMedium, noteMedium } from './drag'
import { FolderName } from './folder-name'
import { FolderPicker } from './folder-picker'
import { NavLink } from './nav-link'
import { mayContain, type Branch } from './tree'
import { asked } from '../ui/asked'

export interface FolderRowProps {
  folder: Folder
  depth: number
  count: number
  hasFolders: boolean
  tree: readonly Branch[]
  current: boolean
  onChoose: () => void
  onNest: (id: string, parentId: string | null) => void
  onSubfolder: () => void
  onDeleted: () => void
  children?: ReactNode
}

type Asking = 'name' | 'color' | 'place' | 'delete' | null

/** A folder, and what can be done with it. */
export function FolderRow({ folder, depth, count, hasFolders, tree, current, onChoose, onNest, onSubfolder, onDeleted, children }: FolderRowProps) {
  const client = useClient()
  const [asking, setAsking] = useState<Asking>(null)
  const done = () => setAsking(null)
  const update = (changes: Parameters<typeof client.updateFolder>[1]) => {
    client.updateFolder(folder.id, changes).done.catch(() => {}) // a refusal is in the outbox
    done()
  }
  const remove = () => {
    asked(client.deleteFolder(folder.id))
    if (current) onDeleted()
  }
  const items: (MenuItem | 'separator')[] = [
    { label: 'Rename', icon: 'notes', onSelect: () => setAsking('name') },
    { label: 'Color…', icon: 'contrast', onSelect: () => setAsking('color') },
    { label: 'Move to…', icon: 'folder', onSelect: () => setAsking('place') },
    { label: 'New folder inside', icon: 'plus', onSelect: onSubfolder },
    'separator',
    { label: hasFolders ? 'Delete (has folders)' : 'Delete', icon: 'trash', danger: true, disabled: hasFolders, onSelect: () => setAsking('delete') },
  ]
  return (
    <li style={{ '--depth': depth } as React.CSSProperties}>
      {asking === 'name' ? (
        <FolderName label={`New name of ${folder.name}`} name={folder.name} onDone={name => update({ name })} onCancel={done} />
      ) : (
        <div className="folder-row">
          <NavLink
            icon={<span className="folder-color" style={{ '--color': folder.color } as React.CSSProperties}><Icon name="folder" filled /></span>} label={folder.name} count={count} current={current} onChoose={onChoose}
            draggable={{ kind: folderMedium, id: folder.id }} accepts={kinds => kinds.includes(noteMedium) || kinds.includes(folderMedium)}
            onDrop={data => {
              const note = data.getData(noteMedium)
              if (note) moveNote(client, note, folder.id)
              else onNest(data.getData(folderMedium), folder.id)
            }}
          />
          <Menu label={`Folder ${folder.name}`} className="icon-button small" button={<Icon name="more" />} items={items} />
        </div>
      )}
      {children}
      {asking === 'color' && <ColorDialog color={folder.color} onChoose={color => update({ color })} onClose={done} />}
      {asking === 'place' && (
        <FolderPicker
          title={`Move “${folder.name}” to`} current={folder.parentId} none="The top" allowed={id => mayContain(tree, id, folder.id)} onClose={done}
          onChoose={parentId => {
            onNest(folder.id, parentId)
            done()
          }}
        />
      )}
      {asking === 'delete' && (
        <Confirm title={`Delete “${folder.name}”?`} verb="Delete folder" onConfirm={remove} onClose={done}>
          {count === 0 ? 'It is empty.' : `The ${count === 1 ? 'note' : `${count} notes`} in it stay, in no folder.`}
        </Confirm>
      )}
    </li>
  )
}
