import { Icon } from '../ui/icon'
import { Mark } from '../ui/mark'
import { ThemeSwitch } from '../ui/theme-switch'
import { StatusButton } from './status-button'
import { UserMenu, type UserMenuProps } from './user-menu'

export interface HeaderProps extends UserMenuProps {
  connectionOpen: boolean
  onConnection: () => void
  navOpen: boolean
  onNav: () => void
}

/** On every screen of the workspace. */
export function Header({ connectionOpen, onConnection, navOpen, onNav, ...user }: HeaderProps) {
  return (
    <header className="header">
      <button type="button" className="icon-button nav-button" aria-label="Folders and filters" aria-expanded={navOpen} onClick={onNav}>
        <Icon name="menu" />
      </button>
      <h1 className="brand"><Mark /> <span>Notewire</span></h1>
      <div className="header-end">
        <StatusButton open={connectionOpen} onToggle={onConnection} />
        <ThemeSwitch />
        <UserMenu {...user} />
      </div>
    </header>
  )
}
