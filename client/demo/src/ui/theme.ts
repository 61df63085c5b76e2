/** `auto` follows the system. */
export type Theme = 'auto' | 'light' | 'dark'

const key = 'notewire theme'

/** What was chosen in this browser. */
export function storedTheme(): Theme {
  const stored = localStorage.getItem(key)
  return stored === 'light' || stored === 'dark' ? stored : 'auto'
}

/** Chooses a theme, for this browser. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'auto') localStorage.removeItem(key)
  else localStorage.setItem(key, theme)
  showTheme(theme)
}

/** Shows a theme. */
export function showTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}
