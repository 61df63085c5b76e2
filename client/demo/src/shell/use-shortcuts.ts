import { useEffect, useRef } from 'react'

/** What a key does, by its name: `mod` is Ctrl, or Cmd on a Mac. */
export type Shortcuts = Readonly<Record<string, () => void>>

/** Whether keys have to be named as on a Mac. */
export const onMac = /Mac|iPhone|iPad/.test(navigator.platform)

/** Keys for the whole page. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts)
  useEffect(() => {
    latest.current = shortcuts
  })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      const call = latest.current[nameOf(event)]
      if (!call) return
      event.preventDefault()
      call()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

function nameOf(event: KeyboardEvent): string {
  const mod = onMac ? event.metaKey : event.ctrlKey
  const alt = onMac ? event.ctrlKey : event.altKey
  // With Alt some keyboards make another letter: the key's place says which is meant.
  const key = event.altKey && event.code.startsWith('Key') ? event.code.slice(3) : event.key
  return [mod ? 'mod' : '', alt ? 'alt' : '', key.length === 1 ? key.toLowerCase() : key].filter(Boolean).join('-')
}
