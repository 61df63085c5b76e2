import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import type { Note } from '../../../src/index'
import { useClient, useReadable } from '../../../react/index'
import { SecondTabHint } from '../shell/second-tab-hint'
import { useWorkbench } from '../shell/workspace-provider'
import { Icon } from '../ui/icon'
import { EmptyList } from './empty-list'
import { EmptyTrash } from './empty-trash'
import { nameOf, notesIn, type Filter } from './filter'
import { NoteRow } from './note-row'
import { SearchField } from './search-field'
import { matches, wordsOf } from './text'
import { useServerSearch } from './use-server-search'

export interface NoteListProps {
  filter: Filter
  onFilter: (filter: Filter) => void
  noteId: string | null
  onOpen: (id: string) => void
  onNew: () => void
  searchRef: RefObject<HTMLInputElement | null>
}

/** How many rows are drawn at first, and with each "Show more". */
const step = 200

/** The notes of a filter, and a search in all of them. */
export function NoteList({ filter, onFilter, noteId, onOpen, onNew, searchRef }: NoteListProps) {
  const client = useClient()
  const { session } = useWorkbench()
  const notes = useReadable(client.notes)
  const trash = useReadable(client.trash)
  const folders = useReadable(client.folders)
  const [query, setQuery] = useState('')
  const [most, setMost] = useState(step)
  const list = useRef<HTMLUListElement>(null)
  const server = useServerSearch(query)

  const searching = query.trim() !== ''
  const local = useMemo(() => {
    if (!searching) return notesIn(filter, notes, trash)
    const words = wordsOf(query)
    return (filter.kind === 'trash' ? trash : notes).filter(note => matches(note, words))
  }, [filter, notes, trash, query, searching])
  const shown = useMemo(() => withFound(local, server.found, notes, trash), [local, server.found, notes, trash])
  const folderOf = useMemo(() => new Map(folders.map(folder => [folder.id, folder])), [folders])
  const rows = shown.slice(0, most)
  const listed = rows.some(note => note.id === noteId)
  const stop = listed ? noteId : rows[0]?.id
  useEffect(() => {
    if (listed) list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [noteId, listed])

  const first = () => list.current?.querySelector<HTMLElement>('[data-note]')?.focus()
  return (
    <section className="list" aria-label="Notes">
      <div className="list-head">
        <SearchField value={query} onChange={setQuery} inputRef={searchRef} onDown={first} />
        <div className="list-title">
          <h2>{searching ? (filter.kind === 'trash' ? 'In the trash' : 'Search') : nameOf(filter, folders)}</h2>
          <span className="count" role="status">{server.searching ? 'searching…' : shown.length}</span>
          <div className="row">
            {filter.kind === 'trash' && !searching && <EmptyTrash notes={trash} />}
            <button type="button" className="button primary small" data-testid="new-note" onClick={onNew} title="New note">
              <Icon name="plus" /> New
            </button>
          </div>
        </div>
      </div>
      {shown.length === 0 ? (
        <EmptyList filter={filter} query={query} onNew={onNew} onOpen={onOpen} onClear={() => setQuery('')} onAll={() => onFilter({ kind: 'all' })} />
      ) : (
        <div className="list-scroll">
          <ul ref={list} className="note-list" data-testid="note-list" onKeyDown={event => moveInList(event, list.current, onOpen)}>
            {rows.map(note => (
              <NoteRow
                key={note.id} note={note} selected={note.id === noteId} tabStop={note.id === stop} user={session.user} onOpen={onOpen}
                folder={filter.kind === 'folder' && !searching ? undefined : folderOf.get(note.folderId ?? '')}
              />
            ))}
          </ul>
          {shown.length > most && <button type="button" className="button more" onClick={() => setMost(most + step)}>Show {Math.min(step, shown.length - most)} more</button>}
        </div>
      )}
      {!searching && filter.kind !== 'trash' && <SecondTabHint noteId={noteId} />}
    </section>
  )
}

/** What is on the device, and then what only the server has. */
function withFound(local: readonly Note[], found: readonly Note[], notes: readonly Note[], trash: readonly Note[]): readonly Note[] {
  if (found.length === 0) return local
  const known = new Set([...notes, ...trash, ...local].map(note => note.id))
  return [...local, ...found.filter(note => !known.has(note.id))]
}

function moveInList(event: KeyboardEvent, list: HTMLElement | null, onOpen: (id: string) => void): void {
  const { note } = document.activeElement instanceof HTMLElement ? document.activeElement.dataset : {}
  if (event.key === 'Enter' && note && !event.ctrlKey && !event.metaKey) {
    event.preventDefault()
    onOpen(note)
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.cm-content')?.focus())
  }
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-note]') ?? [])]
  const at = rows.indexOf(document.activeElement as HTMLElement)
  const by: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, PageDown: at + 8, PageUp: at - 8 }
  const next = by[event.key]
  if (next === undefined) return
  const row = rows[Math.max(0, Math.min(rows.length - 1, next))]
  row?.focus()
  const id = row?.dataset.note
  if (id && matchMedia('(min-width: 48rem)').matches) onOpen(id) // beside the list it is shown as one moves
  event.preventDefault()
}
