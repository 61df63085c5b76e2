import { useCallback, useEffect, useRef, useState } from 'react'
import { ConnectionPanel } from '../connection/connection-panel'
import { NoteList } from '../list/note-list'
import type { Filter } from '../list/filter'
import { Nav } from '../nav/nav'
import { NotePane } from '../note/note-pane'
import type { Session } from '../session/session'
import { HistoryPanel } from './history-panel'
import { Toasts } from '../ui/toast'
import { Header } from './header'
import { onePane, useOnePane } from './one-pane'
import { ShortcutsDialog } from './shortcuts-dialog'
import { useHashNote } from './use-hash-note'
import { useNewNote } from './use-new-note'
import { useShortcuts } from './use-shortcuts'
import { useTitle } from './use-title'

type PanelName = 'connection' | 'history'

/** Everything that somebody sees who is signed in: where to look, what is there, one note, and a panel beside it. */
export function Workspace({ session, onSignOut }: { session: Session; onSignOut: () => void }) {
  const [filter, setFilter] = useState<Filter>({ kind: 'all' })
  const [noteId, openNote] = useHashNote()
  const [panel, setPanel] = useState<PanelName | null>(null)
  const [navOpen, setNavOpen] = useState(false)
  const [keys, setKeys] = useState(false)
  const [sharing, setSharing] = useState(false)
  const search = useRef<HTMLInputElement>(null)
  useTitle(noteId)

  const uncoverList = () => {
    if (isListCovered()) setPanel(null)
  }
  const open = useCallback((id: string) => {
    if (onePane()) setPanel(null)
    openNote(id)
  }, [openNote])
  const newNote = useNewNote(filter, setFilter, open)
  const toggle = (name: PanelName) => setPanel(panel === name ? null : name)
  const choose = (filter: Filter) => {
    setFilter(filter)
    setNavOpen(false)
    uncoverList()
    if (onePane()) openNote(null)
  }
  const toList = () => {
    if (onePane()) openNote(null)
    focusRow(noteId)
  }
  const closeNote = () => {
    openNote(null)
    focusRow(noteId)
  }
  const closeNav = () => {
    setNavOpen(false)
    document.querySelector<HTMLElement>('.nav-button')?.focus()
  }
  useEffect(() => {
    if (navOpen) document.querySelector<HTMLElement>('.nav [aria-current]')?.focus()
  }, [navOpen])
  useShortcuts({
    'mod-k': () => {
      setNavOpen(false)
      uncoverList()
      if (onePane()) openNote(null)
      requestAnimationFrame(() => search.current?.select())
    },
    'mod-alt-n': newNote,
    'mod-alt-h': () => noteId !== null && toggle('history'),
    'mod-alt-s': () => noteId !== null && setSharing(true),
    'mod-/': () => setKeys(true),
    Escape: () => (navOpen ? closeNav() : panel ? setPanel(null) : noteId !== null && toList()),
  })
  const shown = panel === 'history' && noteId === null ? null : panel
  const pane = shown ? 'panel' : noteId !== null ? 'note' : 'list'
  const phone = useOnePane()
  return (
    <div className="workspace" data-pane={pane} data-nav={navOpen || undefined} data-panel={shown ?? undefined}>
      <Header
        connectionOpen={panel === 'connection'} onConnection={() => toggle('connection')} navOpen={navOpen} onNav={() => setNavOpen(!navOpen)}
        noteId={noteId} onSignOut={onSignOut} onShortcuts={() => setKeys(true)}
      />
      <Nav filter={filter} onFilter={choose} onLeave={() => setNavOpen(false)} />
      {navOpen && <div className="nav-scrim" onPointerDown={() => setNavOpen(false)} />}
      <div className="list-place" role={phone && pane === 'list' ? 'main' : undefined}>
        <NoteList filter={filter} onFilter={setFilter} noteId={noteId} onOpen={open} onNew={newNote} searchRef={search} />
      </div>
      <NotePane
        key={noteId} noteId={noteId} session={session} onBack={closeNote} onOpen={open} onNew={newNote}
        historyOpen={panel === 'history'} onHistory={() => toggle('history')} sharing={sharing} onSharing={setSharing} onTag={tag => choose({ kind: 'tag', tag })}
      />
      {shown === 'connection' && <ConnectionPanel onClose={() => setPanel(null)} onOpen={open} onSignIn={onSignOut} />}
      {shown === 'history' && noteId !== null && <HistoryPanel noteId={noteId} onClose={() => setPanel(null)} />}
      {keys && <ShortcutsDialog onClose={() => setKeys(false)} />}
      <Toasts />
    </div>
  )
}

/** Whether a panel takes the list's place. */
const isListCovered = () => matchMedia('(max-width: 77.99rem)').matches

/** Goes to a note in the list, when that is drawn; if the note is not there any more, to where one enters the list. */
function focusRow(noteId: string | null): void {
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>(`[data-note="${noteId}"]`) ?? document.querySelector<HTMLElement>('[data-note][tabindex="0"]')
    row?.focus()
  })
}
