import type { RefObject } from 'react'
import { Icon } from '../ui/icon'
import { onMac } from '../shell/use-shortcuts'

export interface SearchFieldProps {
  value: string
  onChange: (value: string) => void
  inputRef: RefObject<HTMLInputElement | null>
  /** Into the list. */
  onDown: () => void
}

/** Searches as one types. */
export function SearchField({ value, onChange, inputRef, onDown }: SearchFieldProps) {
  return (
    <div className="search">
      <Icon name="search" />
      <input
        ref={inputRef} data-testid="search" type="search" className="input" value={value} placeholder="Search" aria-label="Search notes" autoComplete="off" spellCheck={false}
        onChange={event => onChange(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'ArrowDown' || event.key === 'Enter') onDown()
          else if (event.key === 'Escape' && value !== '') onChange('')
          else if (event.key === 'Escape') event.currentTarget.blur()
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      <kbd aria-hidden="true">{onMac ? '⌘K' : 'Ctrl K'}</kbd>
    </div>
  )
}
