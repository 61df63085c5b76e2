import { useSyncExternalStore } from 'react'

/** `auto` follows the system. */
export type Theme = 'auto' | 'light' | 'dark'

const key = 'notewire theme'
const listeners = new Set<() => void>()

/** What was chosen in this browser. */
export function storedTheme(): Theme {
  const stored = localStorage.getItem(key)
  return stored === 'light' || stored === 'dark' ? stored : 'auto'
}

/** The same, again after each change. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, storedTheme)
}

/** Chooses a theme, for this browser. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'auto') localStorage.removeItem(key)
  else localStorage.setItem(key, theme)
  showTheme(theme)
  for (const listener of listeners) listener()
}

/** Shows a theme. */
export function showTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
