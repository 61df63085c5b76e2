import { useMemo, useState, type KeyboardEvent } from 'react'
import { useClient, useReadable } from '../../../react/index'
import { Dialog } from '../ui/dialog'
import { Icon } from '../ui/icon'
import { flat, treeOf } from './tree'

export interface FolderPickerProps {
  title: string
  current: string | null
  /** What "in no folder" is called. */
  none: string
  allowed?: (id: string) => boolean
  onChoose: (folderId: string | null) => void
  onClose: () => void
}

/** Chooses a folder by keyboard: what dragging does with a pointer. */
export function FolderPicker({ title, current, none, allowed = () => true, onChoose, onClose }: FolderPickerProps) {
  const client = useClient()
  const folders = useReadable(client.folders)
  const [name, setName] = useState('')
  const branches = useMemo(() => flat(treeOf(folders)), [folders])
  const create = () => {
    const made = client.createFolder({ name: name.trim() })
    made.done.catch(() => {}) // a refusal is in the outbox
    onChoose(made.noteId)
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="picker" onKeyDown={move}>
        <button type="button" className="nav-link" aria-current={current === null ? 'true' : undefined} data-focus={current === null || undefined} onClick={() => onChoose(null)}>
          <Icon name="notes" /> {none}
        </button>
        {branches.filter(({ folder }) => allowed(folder.id)).map(({ folder, depth }) => (
          <button
            key={folder.id} type="button" className="nav-link" aria-current={folder.id === current ? 'true' : undefined} data-focus={folder.id === current || undefined} onClick={() => onChoose(folder.id)}
            style={{ '--depth': depth } as React.CSSProperties}
          >
            <span className="folder-color" style={{ '--color': folder.color } as React.CSSProperties}><Icon name="folder" filled /></span>
            <span className="ellipsis">{folder.name}</span>
          </button>
        ))}
      </div>
      <form
        className="row"
        onSubmit={event => {
          event.preventDefault()
          if (name.trim() !== '') create()
        }}
      >
        <input className="input" placeholder="New folder" aria-label="Name of a new folder" value={name} maxLength={100} onChange={event => setName(event.target.value)} />
        <button type="submit" className="button" disabled={name.trim() === ''}>Create</button>
      </form>
    </Dialog>
  )
}

function move(event: KeyboardEvent<HTMLElement>): void {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (by === 0) return
  const all = [...event.currentTarget.querySelectorAll('button')]
  const at = all.indexOf(document.activeElement as HTMLButtonElement)
  all[Math.max(0, Math.min(all.length - 1, at + by))]?.focus()
  event.preventDefault()
}
