import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Note } from '../../../src/index'
import { useClient } from '../../../react/index'

/** A note's title. What others make of it shows up beside one's own typing, which is never set back. */
export function TitleField({ note, readOnly }: { note: Note; readOnly: boolean }) {
  const client = useClient()
  const title = note.title ?? ''
  const [value, setValue] = useState(title)
  const told = useRef(title)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (title === told.current) return
    told.current = title
    setValue(title)
  }, [title])
  useLayoutEffect(() => grow(field.current), [value])
  useEffect(() => {
    const onResize = () => grow(field.current)
    addEventListener('resize', onResize)
    return () => removeEventListener('resize', onResize)
  }, [])
  const blank = title === '' && note.content === ''
  useEffect(() => {
    if (blank && !readOnly) field.current?.focus()
  }, []) // eslint-disable-line -- a new note begins with its title

  const change = (next: string) => {
    const line = next.replace(/[\r\n]+/g, ' ')
    told.current = line
    setValue(line)
    client.editNote(note.id, { title: line }).done.catch(() => {}) // a refusal is in the outbox
  }
  return (
    <textarea
      ref={field} className="title" data-testid="title" aria-label="Title" placeholder="Title" rows={1} dir="auto" maxLength={500} enterKeyHint="next" readOnly={readOnly}
      value={value} onChange={event => change(event.target.value)}
      onKeyDown={event => {
        if (event.nativeEvent.isComposing || (event.key !== 'Enter' && !(event.key === 'ArrowDown' && atEnd(event.currentTarget)))) return
        event.preventDefault()
        document.querySelector<HTMLElement>('.cm-content')?.focus()
      }}
    />
  )
}

function atEnd(field: HTMLTextAreaElement): boolean {
  return field.selectionEnd === field.value.length
}

/** As high as its text. */
function grow(field: HTMLTextAreaElement | null): void {
  if (!field) return
  field.style.height = '0'
  field.style.height = `${field.scrollHeight}px`
}
