// Creates a note, and prints what comes: node main.js http://localhost:3000
import { createClient } from 'notewire'

const client = createClient({ url: process.argv[2] ?? 'http://localhost:3000' })
client.connection.subscribe(() => console.log('connection:', client.connection.get().name))
client.notes.subscribe(() => console.log('notes:', client.notes.get().map((note) => `${note.title} (${note.saved})`).join(', ')))
client.connect()

const { done } = client.createNote({ title: 'Hello', content: 'from Node' })
const note = await done
console.log(`the server has "${note.title}" as ${note.id}`)
await client.close()
