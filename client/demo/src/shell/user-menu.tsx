import { Avatar } from '../ui/avatar'
import { Menu, type MenuItem } from '../ui/menu'
import { useThemeItem } from '../ui/theme-switch'
import { useOnePane } from './one-pane'
import { useSecondUser } from './use-second-user'
import { useWorkbench } from './workspace-provider'

export interface UserMenuProps {
  /** The note that is open. */
  noteId: string | null
  onSignOut: () => void
  onShortcuts: () => void
}

/** Who one is, and what is beside the notes. */
export function UserMenu({ noteId, onSignOut, onShortcuts }: UserMenuProps) {
  const { session } = useWorkbench()
  const second = useSecondUser(noteId)
  const theme = useThemeItem()
  const phone = useOnePane()
  const open = ({ href, share }: NonNullable<typeof second>) => {
    share()
    window.open(href, '_blank', 'noopener')
  }
  const items: (MenuItem | 'separator')[] = [
    ...(second ? [{ label: `Open as ${second.name} in a new tab`, icon: 'external', onSelect: () => open(second) } as const] : []),
    { label: 'Frame inspector', icon: 'frames', onSelect: () => location.assign('inspector') },
    phone ? theme : { label: 'Keyboard shortcuts', icon: 'keyboard', onSelect: onShortcuts },
    'separator',
    { label: 'Sign out', icon: 'out', onSelect: onSignOut },
  ]
  return (
    <Menu
      label={`Signed in as ${session.name}`} className="avatar-button" button={<Avatar user={session.user} name={session.name} />} items={items}
      header={<p className="menu-header">Signed in as <strong>{session.name}</strong></p>}
    />
  )
}
