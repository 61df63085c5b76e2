import { useRef, useState } from 'react'
import { ConnectionPanel } from '../connection/connection-panel'
import { NoteList } from '../list/note-list'
import type { Filter } from '../list/filter'
import { Nav } from '../nav/nav'
import { NotePane } from '../note/note-pane'
import type { Session } from '../session/session'
import { HistoryPanel } from './history-panel'
import { Header } from './header'
import { ShortcutsDialog } from './shortcuts-dialog'
import { useHashNote } from './use-hash-note'
import { useNewNote } from './use-new-note'
import { useShortcuts } from './use-shortcuts'
import { useTitle } from './use-title'

/** Whether the list and a note are one after the other, and not side by side. */
const onePane = () => matchMedia('(max-width: 47.99rem)').matches

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
  const newNote = useNewNote(filter, setFilter, openNote)
  useTitle(noteId)

  const toggle = (name: PanelName) => setPanel(panel === name ? null : name)
  const choose = (filter: Filter) => {
    setFilter(filter)
    setNavOpen(false)
  }
  const toList = () => {
    const row = () => document.querySelector<HTMLElement>(`[data-note="${noteId}"]`)?.focus()
    if (!onePane()) return row()
    openNote(null)
    requestAnimationFrame(row) // when the list is back
  }
  useShortcuts({
    'mod-k': () => {
      setNavOpen(false)
      if (onePane()) openNote(null)
      requestAnimationFrame(() => search.current?.select())
    },
    'mod-alt-n': newNote,
    'mod-alt-h': () => noteId !== null && toggle('history'),
    'mod-alt-s': () => noteId !== null && setSharing(true),
    'mod-/': () => setKeys(true),
    Escape: () => (navOpen ? setNavOpen(false) : panel ? setPanel(null) : noteId !== null && toList()),
  })
  const shown = panel === 'history' && noteId === null ? null : panel
  return (
    <div className="workspace" data-pane={shown ? 'panel' : noteId !== null ? 'note' : 'list'} data-nav={navOpen || undefined} data-panel={shown ?? undefined}>
      <Header
        connectionOpen={panel === 'connection'} onConnection={() => toggle('connection')} navOpen={navOpen} onNav={() => setNavOpen(!navOpen)}
        onSignOut={onSignOut} onShortcuts={() => setKeys(true)}
      />
      <Nav filter={filter} onFilter={choose} />
      <NoteList filter={filter} onFilter={setFilter} noteId={noteId} onOpen={openNote} onNew={newNote} searchRef={search} />
      <NotePane
        key={noteId} noteId={noteId} session={session} onBack={() => openNote(null)} onOpen={openNote} onNew={newNote}
        historyOpen={panel === 'history'} onHistory={() => toggle('history')} sharing={sharing} onSharing={setSharing} onTag={tag => choose({ kind: 'tag', tag })}
      />
      {shown === 'connection' && <ConnectionPanel onClose={() => setPanel(null)} onOpen={openNote} />}
      {shown === 'history' && noteId !== null && <HistoryPanel noteId={noteId} onClose={() => setPanel(null)} />}
      {keys && <ShortcutsDialog onClose={() => setKeys(false)} />}
    </div>
  )
}
