import { Avatar } from '../ui/avatar'
import { Icon } from '../ui/icon'
import { Menu } from '../ui/menu'

export interface MemberRowProps {
  user: string
  /** Who looks at it. */
  self: string
  role: 'owner' | 'read' | 'write'
  /** These three are there for the owner. */
  onRole?: (role: 'read' | 'write') => void
  onOwner?: () => void
  onRemove?: () => void
}

/** A member, and what he may do. */
export function MemberRow({ user, self, role, onRole, onOwner, onRemove }: MemberRowProps) {
  return (
    <li className="member">
      <Avatar user={user} />
      <span className="grow ellipsis">{user}{user === self && <span className="quiet"> (you)</span>}</span>
      {onRole ? (
        <select className="input select" aria-label={`${user} may`} value={role} onChange={event => onRole(event.target.value === 'read' ? 'read' : 'write')}>
          <option value="write">can edit</option>
          <option value="read">can read</option>
        </select>
      ) : (
        <span className="quiet">{role === 'owner' ? 'owner' : role === 'write' ? 'can edit' : 'can read'}</span>
      )}
      {onOwner && onRemove && (
        <Menu
          label={`More for ${user}`} className="icon-button small" button={<Icon name="more" />}
          items={[
            { label: 'Make owner…', icon: 'people', onSelect: onOwner },
            { label: 'Remove', icon: 'close', danger: true, onSelect: onRemove },
          ]}
        />
      )}
    </li>
  )
}
