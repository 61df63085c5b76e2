import type { DragEvent, ReactNode } from 'react'
import { useState } from 'react'

export interface NavLinkProps {
  icon: ReactNode
  label: string
  count?: number | undefined
  current: boolean
  onChoose: () => void
  /** Takes what is dropped on it; answers whether it takes that kind of thing. */
  accepts?: ((kinds: readonly string[]) => boolean) | undefined
  onDrop?: ((data: DataTransfer) => void) | undefined
  draggable?: { kind: string; id: string } | undefined
}

/** A place to look at, and to drop things on. */
export function NavLink({ icon, label, count, current, onChoose, accepts, onDrop, draggable }: NavLinkProps) {
  const [over, setOver] = useState(false)
  const takes = (event: DragEvent) => accepts?.([...event.dataTransfer.types]) ?? false
  return (
    <button
      type="button" className="nav-link" aria-current={current ? 'page' : undefined} data-over={over || undefined} onClick={onChoose} draggable={draggable !== undefined}
      onDragStart={event => draggable && event.dataTransfer.setData(draggable.kind, draggable.id)}
      onDragOver={event => {
        if (!takes(event)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        setOver(false)
        if (!takes(event)) return
        event.preventDefault()
        onDrop?.(event.dataTransfer)
      }}
    >
      {icon}
      <span className="ellipsis">{label}</span>
      {count !== undefined && count > 0 && <span className="count">{count}</span>}
    </button>
  )
}
