import { useRef, useState } from 'react'

export interface FolderNameProps {
  label: string
  name?: string
  onDone: (name: string) => void
  onCancel: () => void
}

/** Asks for a folder's name, in its place: Enter takes it, Escape does not. */
export function FolderName({ label, name = '', onDone, onCancel }: FolderNameProps) {
  const [value, setValue] = useState(name)
  const ended = useRef(false)
  const end = (take: boolean) => {
    if (ended.current) return
    ended.current = true
    const trimmed = value.trim()
    if (take && trimmed !== '' && trimmed !== name) onDone(trimmed)
    else onCancel()
  }
  return (
    <input
      className="input folder-name" aria-label={label} placeholder="Folder name" value={value} maxLength={100} autoFocus data-testid="folder-name"
      onChange={event => setValue(event.target.value)} onFocus={event => event.target.select()} onBlur={() => end(true)}
      onKeyDown={event => {
        if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return
        event.preventDefault()
        event.stopPropagation()
        end(event.key === 'Enter')
      }}
    />
  )
}
