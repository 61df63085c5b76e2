import { useId, useMemo, useState } from 'react'
import type { Note } from '../../../src/index'
import { useClient, useReadable } from '../../../react/index'
import { Icon } from '../ui/icon'
import { asked } from '../ui/asked'

export interface TagsFieldProps {
  note: Note
  readOnly: boolean
  /** Shows what else has the tag. */
  onTag: (tag: string) => void
}

/** One's own tags of a note. */
export function TagsField({ note, readOnly, onTag }: TagsFieldProps) {
  const client = useClient()
  const notes = useReadable(client.notes)
  const [value, setValue] = useState('')
  const list = useId()
  const others = useMemo(() => [...new Set(notes.flatMap(each => each.tags))].filter(tag => !note.tags.includes(tag)).sort(), [notes, note.tags])
  const organise = (fields: Parameters<typeof client.organise>[1]) => asked(client.organise(note.id, fields))
  const add = () => {
    const tag = value.replace(/^#/, '').trim()
    setValue('')
    if (tag !== '' && !note.tags.includes(tag)) organise({ addTags: [tag] })
  }
  if (readOnly && note.tags.length === 0) return null
  return (
    <div className="tags">
      {note.tags.map(tag => (
        <span key={tag} className="chip">
          <button type="button" onClick={() => onTag(tag)} title={`All notes with ${tag}`}>{tag}</button>
          {!readOnly && <button type="button" aria-label={`Remove the tag ${tag}`} onClick={() => organise({ removeTags: [tag] })}><Icon name="close" /></button>}
        </span>
      ))}
      {!readOnly && (
        <input
          className="tag-input" aria-label="Add a tag" placeholder={note.tags.length ? '+ tag' : 'Add a tag'} value={value} maxLength={50} list={list} autoComplete="off"
          onChange={event => setValue(event.target.value)} onBlur={add}
          onKeyDown={event => {
            if (event.nativeEvent.isComposing) return
            const last = note.tags.at(-1)
            if (event.key === 'Enter' || (event.key === ',' && value !== '')) add()
            else if (event.key === 'Backspace' && value === '' && last !== undefined) organise({ removeTags: [last] })
            else return
            event.preventDefault()
          }}
        />
      )}
      <datalist id={list}>{others.map(tag => <option key={tag} value={tag} />)}</datalist>
    </div>
  )
}
