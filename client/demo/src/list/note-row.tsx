import { memo } from 'react'
import type { Folder, Note } from '../../../src/index'
import { Icon } from '../ui/icon'
import { when } from '../ui/when'
import { noteMedium } from '../nav/drag'
import { SavedMark } from './saved-mark'
import { snippetOf, titleOf } from './text'

export interface NoteRowProps {
  note: Note
  selected: boolean
  /** Only one row of a list is reached by Tab; arrows reach the others. */
  tabStop: boolean
  folder: Folder | undefined
  user: string
  onOpen: (id: string) => void
}

/** A note in the list. Rows whose note is the same are not drawn again. */
export const NoteRow = memo(function NoteRow({ note, selected, tabStop, folder, user, onOpen }: NoteRowProps) {
  const shared = note.collaborators.length > 0 || note.access === 'public'
  return (
    <li>
      <a
        className="note-row" data-note={note.id} data-testid="note-item" href={`#note=${note.id}`} aria-current={selected ? 'true' : undefined} tabIndex={tabStop ? 0 : -1} draggable
        onClick={event => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return
          event.preventDefault()
          onOpen(note.id)
        }}
        onDragStart={event => {
          event.dataTransfer.setData(noteMedium, note.id)
          event.dataTransfer.effectAllowed = 'copyMove'
        }}
      >
        <span className="note-row-title">
          <span className="ellipsis" dir="auto">{titleOf(note)}</span>
          <time dateTime={new Date(note.updatedAt).toISOString()}>{when(note.updatedAt)}</time>
        </span>
        <span className="note-row-text ellipsis" dir="auto">{snippetOf(note)}</span>
        <span className="note-row-marks">
          {note.starred && <span className="star" title="Starred"><Icon name="star" filled /><span className="sr-only">Starred</span></span>}
          {shared && <span title={note.userId === user ? 'Shared by you' : `Shared by ${note.userId}`}><Icon name={note.access === 'public' ? 'globe' : 'people'} /><span className="sr-only">Shared</span></span>}
          {folder && <span className="note-row-folder"><span className="dot" style={{ backgroundColor: folder.color }} /><span className="ellipsis">{folder.name}</span></span>}
          {note.tags.slice(0, 3).map(tag => <span key={tag} className="chip ellipsis">{tag}</span>)}
          <SavedMark saved={note.saved} compact />
        </span>
      </a>
    </li>
  )
})
