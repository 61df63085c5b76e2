import { useState } from 'react'
import { Icon } from './icon'
import { chooseTheme, storedTheme, type Theme } from './theme'

const next: Record<Theme, Theme> = { auto: 'light', light: 'dark', dark: 'auto' }
const names: Record<Theme, string> = { auto: 'as the system', light: 'light', dark: 'dark' }
const icons = { auto: 'contrast', light: 'sun', dark: 'moon' } as const

/** Goes round: as the system, light, dark. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(storedTheme)
  const label = `Theme: ${names[theme]}. Switch to ${names[next[theme]]}.`
  const choose = () => {
    chooseTheme(next[theme])
    setTheme(next[theme])
  }
  return (
    <button type="button" className="icon-button theme-switch" aria-label={label} title={label} onClick={choose}>
      <Icon name={icons[theme]} />
    </button>
  )
}
