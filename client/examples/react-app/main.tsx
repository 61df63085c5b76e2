import { createRoot } from 'react-dom/client'
import { NotewireProvider, useNotes, WebSocketStatusCompact } from 'notewire/react'
import 'notewire/styles.css'

const url = 'http://localhost:3000'
const token = async () => (await (await fetch(`${url}/dev/token?user=alice`)).json()).token // your sign-in's, later

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
  <NotewireProvider options={{ url, token }}>
    <Notes />
  </NotewireProvider>,
)
