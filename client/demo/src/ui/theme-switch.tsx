import { Icon } from './icon'
import type { MenuItem } from './menu'
import { chooseTheme, useTheme, type Theme } from './theme'

const next: Record<Theme, Theme> = { auto: 'light', light: 'dark', dark: 'auto' }
const names: Record<Theme, string> = { auto: 'as the system', light: 'light', dark: 'dark' }
const icons = { auto: 'contrast', light: 'sun', dark: 'moon' } as const

/** Goes round: as the system, light, dark. */
export function ThemeSwitch() {
  const theme = useTheme()
  const label = `Theme: ${names[theme]}. Switch to ${names[next[theme]]}.`
  return (
    <button type="button" className="icon-button theme-switch" aria-label={label} title={label} onClick={() => chooseTheme(next[theme])}>
      <Icon name={icons[theme]} />
    </button>
  )
}

/** The same in a menu, where there is no room for the button. */
export function useThemeItem(): MenuItem {
  const theme = useTheme()
  return { label: `Theme: ${names[theme]}`, icon: icons[theme], onSelect: () => chooseTheme(next[theme]) }
}
