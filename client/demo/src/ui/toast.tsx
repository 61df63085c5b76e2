import { useEffect, useSyncExternalStore } from 'react'

interface Toast {
  readonly text: string
  readonly undo?: (() => void) | undefined
}

/** How long one is shown, in milliseconds; not counted while the pointer is on it or the focus in it. */
const lasts = 7000

let current: Toast | null = null
const listeners = new Set<() => void>()

/** Says what was done, in the place of what was said before, and offers to take it back. */
export function toast(text: string, undo?: () => void): void {
  show({ text, undo })
}

function show(next: Toast | null): void {
  current = next
  for (const listener of listeners) listener()
}

/** Where it is shown: once on a page. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => current)
  useEffect(() => {
    if (!shown) return
    const hide = () => {
      if (document.querySelector('.toast:is(:hover, :focus-within)')) timer = setTimeout(hide, 1000)
      else show(null)
    }
    let timer = setTimeout(hide, lasts)
    return () => clearTimeout(timer)
  }, [shown])
  useEffect(() => () => void (current = null), [])
  const undo = () => {
    shown?.undo?.()
    show(null)
  }
  return (
    <div className="toasts" role="status">
      {shown && (
        <div className="toast">
          <span>{shown.text}</span>
          {shown.undo && <button type="button" className="button small" onClick={undo}>Undo</button>}
        </div>
      )}
    </div>
  )
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
