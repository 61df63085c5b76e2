import { useState } from 'react'
import type { Note, Presence } from '../../../src/index'
import { PresenceAvatars, useClient } from '../../../react/index'
import { SavedMark } from '../list/saved-mark'
import { FolderPicker } from '../nav/folder-picker'
import { Confirm } from '../ui/confirm'
import { Icon } from '../ui/icon'
import { Menu, type MenuItem } from '../ui/menu'
import { titleOf } from '../list/text'
import { archiveNote, moveNote, trashNote } from './put-away'
import { asked } from '../ui/asked'

export interface NoteBarProps {
  note: Note
  user: string
  others: readonly Presence[]
  onBack: () => void
  onCopy: () => void
  historyOpen: boolean
  onHistory: () => void
  onShare: () => void
}

/** What can be done with the open note, who is in it, and whether it is saved. */
export function NoteBar({ note, user, others, onBack, onCopy, historyOpen, onHistory, onShare }: NoteBarProps) {
  const client = useClient()
  const [asking, setAsking] = useState<'move' | 'purge' | null>(null)
  const own = note.userId === user
  const member = own || note.collaborators.includes(user)
  const organise = (fields: Parameters<typeof client.organise>[1]) => asked(client.organise(note.id, fields))
  const trash = () => {
    trashNote(client, note.id)
    onBack()
  }
  const copy: MenuItem = { label: 'Make a copy', icon: 'copy', disabled: note.encryptedContent !== null, onSelect: onCopy }
  const items: (MenuItem | 'separator')[] = note.deleted
    ? [
        { label: 'Take out of the trash', icon: 'restore', onSelect: () => asked(client.restoreNote(note.id)) },
        copy,
        'separator',
        { label: 'Delete for good…', icon: 'trash', danger: true, disabled: !own, onSelect: () => setAsking('purge') },
      ]
    : [
        { label: 'Move to…', icon: 'folder', disabled: !member, onSelect: () => setAsking('move') },
        { label: note.archived ? 'Take out of the archive' : 'Archive', icon: 'archive', disabled: !member, onSelect: () => archiveNote(client, note.id, !note.archived) },
        copy,
        'separator',
        { label: 'Move to the trash', icon: 'trash', danger: true, disabled: !member, onSelect: trash },
      ]
  return (
    <div className="note-bar">
      <button type="button" className="icon-button back" aria-label="Back to the list" onClick={onBack}><Icon name="back" /></button>
      {member && <SavedMark saved={note.saved} />}
      <div className="note-bar-end">
        <PresenceAvatars others={others} />
        {member && !note.deleted && (
          <button
            type="button" className="icon-button" data-on={note.starred || undefined} aria-pressed={note.starred} aria-label="Star" title={note.starred ? 'Remove the star' : 'Star'}
            onClick={() => organise({ starred: !note.starred })}
          >
            <Icon name="star" filled={note.starred} />
          </button>
        )}
        {!note.deleted && <button type="button" className="button bar" data-testid="share" onClick={onShare} title="Share"><Icon name="people" /> <span>Share</span></button>}
        <button type="button" className="button bar" data-testid="history-toggle" aria-pressed={historyOpen} onClick={onHistory} title="Version history"><Icon name="history" /> <span>Versions</span></button>
        <Menu label="More" button={<Icon name="more" />} items={items} />
      </div>
      {asking === 'move' && (
        <FolderPicker
          title="Move to" none="In no folder" current={note.folderId} onClose={() => setAsking(null)}
          onChoose={folderId => {
            moveNote(client, note.id, folderId)
            setAsking(null)
          }}
        />
      )}
      {asking === 'purge' && (
        <Confirm
          title={`Delete “${titleOf(note)}” for good?`} verb="Delete for good" onClose={() => setAsking(null)}
          onConfirm={() => {
            asked(client.purgeNote(note.id))
            onBack()
          }}
        >
          It goes with all of its versions, for everybody it is shared with. This cannot be taken back.
        </Confirm>
      )}
    </div>
  )
}
