import { useId } from 'react'
import type { Note } from '../../../src/index'
import { noteUrl } from '../shell/use-hash-note'
import { CopyButton } from '../ui/copy-button'
import { Icon } from '../ui/icon'

export interface PublicLinkProps {
  note: Note
  own: boolean
  onAccess: (access: 'private' | 'public') => void
}

/** Whether everybody may read a note, and where. */
export function PublicLink({ note, own, onAccess }: PublicLinkProps) {
  const switchId = useId()
  const open = note.access === 'public'
  const link = noteUrl(note.id)
  return (
    <div className="public">
      <div className="public-row">
        <Icon name={open ? 'globe' : 'lock'} />
        <label htmlFor={switchId} className="grow">
          <strong>{open ? 'Everybody with the link can read' : 'Only members can read'}</strong>
          <span className="hint">{open ? 'Writing takes a member. Old versions from before it was public stay private.' : 'Make it public to send a link to anybody.'}</span>
        </label>
        <input id={switchId} data-testid="public" type="checkbox" role="switch" className="switch" checked={open} disabled={!own} onChange={event => onAccess(event.target.checked ? 'public' : 'private')} />
      </div>
      <div className="row">
        <input className="input grow" readOnly value={link} aria-label="Link to this note" onFocus={event => event.target.select()} />
        <CopyButton text={link} label="Copy link" />
      </div>
    </div>
  )
}
