import { Avatar } from '../ui/avatar'
import { Menu, type MenuItem } from '../ui/menu'
import { useWorkbench } from './workspace-provider'

export interface UserMenuProps {
  onSignOut: () => void
  onShortcuts: () => void
}

/** Who one is, and what is beside the notes. */
export function UserMenu({ onSignOut, onShortcuts }: UserMenuProps) {
  const { session } = useWorkbench()
  const second: MenuItem = { label: 'Be somebody else in a new tab', icon: 'external', onSelect: () => window.open(`?as=${session.user === 'bob' ? 'alice' : 'bob'}`, '_blank', 'noopener') }
  const items: MenuItem[] = [
    ...(session.local ? [second] : []),
    { label: 'Frame inspector', icon: 'frames', onSelect: () => location.assign('inspector') },
    { label: 'Keyboard', icon: 'keyboard', onSelect: onShortcuts },
    { label: 'Sign out', icon: 'out', onSelect: onSignOut },
  ]
  return (
    <Menu
      label={`Signed in as ${session.name}`} className="avatar-button" button={<Avatar user={session.user} />} items={items}
      header={<p className="menu-header">Signed in as <strong>{session.name}</strong></p>}
    />
  )
}
