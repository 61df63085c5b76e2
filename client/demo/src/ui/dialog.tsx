import { useEffect, useId, useRef, type ReactNode } from 'react'
import { Icon } from './icon'

export interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
  /** Below the content, at the end of the reading direction. */
  actions?: ReactNode
  wide?: boolean
}

/** A modal dialog: what has `data-focus` in it gets the focus. Escape and a click beside it close it, and the focus goes back to where it was. */
export function Dialog({ title, onClose, children, actions, wide = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    focusFirst(dialog.current)
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog} className={wide ? 'dialog wide' : 'dialog'} aria-labelledby={heading}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
      onMouseDown={event => event.target === dialog.current && onClose()}
      onKeyDown={event => event.stopPropagation()}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={heading}>{title}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
        {actions && <footer className="dialog-actions">{actions}</footer>}
      </div>
    </dialog>
  )
}

/** React's autoFocus comes before the dialog is open, when nothing in it can have the focus. */
function focusFirst(dialog: HTMLElement | null): void {
  const first = dialog?.querySelector<HTMLElement>('[data-focus]')
  if (first instanceof HTMLInputElement && matchMedia('(hover: none)').matches) return // a keyboard would cover what one has not read yet
  first?.focus()
}
