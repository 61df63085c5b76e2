import { useEffect, useRef, type ReactNode } from 'react'
import { Icon } from '../ui/icon'

/** What is beside a note: its history, the connection. On a phone it is all there is. */
export function Panel({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const close = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const before = document.activeElement
    close.current?.focus({ preventScroll: true })
    return () => {
      if (before instanceof HTMLElement && document.contains(before)) before.focus({ preventScroll: true })
    }
  }, [])
  return (
    <aside
      className="panel" aria-label={title}
      onKeyDown={event => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.preventDefault()
        onClose()
      }}
    >
      <header className="panel-head">
        <h2>{title}</h2>
        <button ref={close} type="button" className="icon-button" aria-label={`Close ${title}`} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="panel-body">{children}</div>
    </aside>
  )
}
