import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { Icon, type IconName } from './icon'

export interface MenuItem {
  label: string
  icon?: IconName
  danger?: boolean
  disabled?: boolean
  onSelect: () => void
}

export interface MenuProps {
  /** What the button says to a screen reader, and its tooltip. */
  label: string
  button: ReactNode
  className?: string
  items: readonly (MenuItem | 'separator')[]
  /** Above the items. */
  header?: ReactNode
}

/** A button with a menu: arrows, Home, End and letters move in it, Escape and Tab close it. */
export function Menu({ label, button, className = 'icon-button', items, header }: MenuProps) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const id = useId()

  useEffect(() => {
    if (!open) return
    place(opener.current, list.current)
    options(list.current)[0]?.focus()
    const outside = (event: PointerEvent) => {
      if (!(event.target instanceof Node) || !root.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open])

  const close = () => {
    setOpen(false)
    opener.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return
    const all = options(list.current)
    const to = target(event.key, all, all.indexOf(document.activeElement as HTMLElement))
    if (event.key === 'Escape') close()
    else if (event.key === 'Tab') return setOpen(false)
    else if (to) to.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="menu-root" ref={root} onKeyDown={onKeyDown}>
      <button
        ref={opener} type="button" className={className} aria-label={label} title={label} aria-haspopup="menu" aria-expanded={open} aria-controls={open ? id : undefined}
        onClick={event => {
          event.stopPropagation()
          setOpen(!open)
        }}
      >
        {button}
      </button>
      {open && (
        <div ref={list} id={id} className="menu" role="menu" aria-label={label}>
          {header}
          {items.map((item, i) =>
            item === 'separator' ? (
              <hr key={i} />
            ) : (
              <button
                key={item.label} type="button" role="menuitem" tabIndex={-1} disabled={item.disabled} className={item.danger ? 'menu-item danger' : 'menu-item'}
                onClick={event => {
                  event.stopPropagation()
                  close()
                  item.onSelect()
                }}
              >
                {item.icon ? <Icon name={item.icon} /> : <span className="icon" />}
                {item.label}
              </button>
            ),
          )}
        </div>
      )}
    </div>
  )
}

function options(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[role="menuitem"]:not(:disabled)') ?? [])]
}

function target(key: string, all: readonly HTMLElement[], at: number): HTMLElement | undefined {
  switch (key) {
    case 'ArrowDown':
      return all[(at + 1) % all.length]
    case 'ArrowUp':
      return all.at(at <= 0 ? -1 : at - 1)
    case 'Home':
      return all[0]
    case 'End':
      return all.at(-1)
  }
  if (key.length !== 1) return undefined
  const starts = (option: HTMLElement) => option.textContent.toLowerCase().startsWith(key.toLowerCase())
  return [...all.slice(at + 1), ...all.slice(0, at + 1)].find(starts)
}

/** Puts the menu where it fits: it is fixed, because lists scroll and cut off what is in them. */
function place(opener: HTMLElement | null, menu: HTMLElement | null): void {
  if (!opener || !menu) return
  const from = opener.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = menu
  const below = from.bottom + 4
  menu.style.top = `${Math.max(8, below + height > innerHeight - 8 ? from.top - height - 4 : below)}px`
  menu.style.left = `${Math.max(8, Math.min(from.right - width, innerWidth - width - 8))}px`
  menu.dataset.placed = ''
}
