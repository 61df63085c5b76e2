import { createRoot } from 'react-dom/client'
import { NotewireProvider, useNotes, WebSocketStatusCompact } from 'notewire/react'
import 'notewire/styles.css'

function Notes() {
  const { notes, createNote, updateNote, deleteNote, webSocket } = useNotes()
  return (
    <main>
      <WebSocketStatusCompact {...webSocket} />
      <button onClick={() => createNote()}>New note</button>
      <ul>
        {notes.map((note) => (
          <li key={note.id}>
            <textarea aria-label="Note" value={note.content} onChange={(e) => updateNote(note.id, { content: e.target.value })} />
            <button onClick={() => deleteNote(note.id)}>Delete</button> {note.saved}
          </li>
        ))}
      </ul>
    </main>
  )
}

createRoot(document.getElementById('root')!).render(
  <NotewireProvider options={{ url: 'http://localhost:3000' }}>
    <Notes />
  </NotewireProvider>,
)
