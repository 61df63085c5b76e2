import { EventSource, WebSocket } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, memory, NotewireError, type Client, type ClientOptions, type Network, type Readable, type TransportName } from '../../src/index.js'
import { RealServer } from './server.js'

let server: RealServer
const clients: Client[] = []

beforeAll(async () => {
  server = await RealServer.start()
})

afterAll(async () => {
  await Promise.all(clients.map(client => client.close()))
  await server.stop()
})

function open(user: string, transport: TransportName, more: Partial<ClientOptions> = {}): Client {
  const network = {
    ...memory().network,
    WebSocket: WebSocket as unknown as NonNullable<Network['WebSocket']>, EventSource: EventSource as unknown as NonNullable<Network['EventSource']>,
  }
  const client = createClient({ url: server.url, network, token: () => server.token(user), transports: [transport], editDebounceMs: 0, ...more })
  clients.push(client)
  client.connect()
  return client
}

/** Waits until something is so. */
function until<T>(readable: Readable<T>, is: (value: T) => boolean): Promise<T> {
  return new Promise(resolve => {
    const look = () => {
      const value = readable.get()
      if (!is(value)) return
      end()
      resolve(value)
    }
    const end = readable.subscribe(look)
    look()
  })
}

for (const transport of ['websocket', 'sse', 'sse-padded', 'eventsource', 'poll'] as const) {
  test(`over ${transport}: what one device does is on the other`, async () => {
    const user = `user_${transport.replace('-', '_')}`
    const [one, two] = [open(user, transport), open(user, transport)]
    const made = one.createNote({ title: 'Shopping', content: 'milk', tags: ['home'] })
    await made.done
    await until(two.notes, notes => notes[0]?.content === 'milk')
    expect(two.connection.get()).toMatchObject({ name: 'connected', transport, userId: user })
    two.editNote(made.noteId, { content: 'milk\nbread' })
    await until(one.notes, notes => notes[0]?.content === 'milk\nbread' && notes[0].saved === 'saved')
    one.organise(made.noteId, { starred: true, addTags: ['urgent'] })
    await until(two.notes, notes => notes[0]?.starred === true && notes[0].tags.includes('urgent'))
    const folder = one.createFolder({ name: 'Errands' })
    await until(two.folders, folders => folders[0]?.name === 'Errands')
    two.organise(made.noteId, { folderId: folder.noteId })
    await until(one.notes, notes => notes[0]?.folderId === folder.noteId)
    two.trashNote(made.noteId)
    await until(one.trash, notes => notes.length === 1)
    expect(one.notes.get()).toEqual([])
    await one.restoreNote(made.noteId).done
    await until(two.notes, notes => notes.length === 1)
    const third = open(user, transport) // a cold start sees the same
    await until(third.notes, notes => notes[0]?.content === 'milk\nbread')
    expect(third.folders.get()).toMatchObject([{ name: 'Errands' }])
    const history = await one.history(made.noteId)
    expect(history.versions?.length).toBeGreaterThan(2)
    await until(one.outbox, ({ unsynced }) => unsynced === 0)
  })
}

test('edits that were made apart are merged, and their text is on both', async () => {
  const [one, two] = [open('user_merge', 'websocket'), open('user_merge', 'sse')]
  const { noteId, done } = one.createNote({ content: 'first\n\nmiddle\n\nlast\n' })
  await done
  await until(two.note(noteId), note => note !== undefined)
  two.goOffline()
  await until(two.connection, state => state.name === 'offline')
  two.editNote(noteId, { content: 'first\n\nmiddle\n\nlast, of two\n' })
  await one.editNote(noteId, { content: 'first, of one\n\nmiddle\n\nlast\n' }).done
  two.goOnline()
  const merged = 'first, of one\n\nmiddle\n\nlast, of two\n'
  await Promise.all([one, two].map(client => until(client.note(noteId), note => note?.content === merged && note.saved === 'saved')))
})

test('both wrote at one place: the conflict is reported, and what gave way can be read', async () => {
  const [one, two] = [open('user_clash', 'websocket'), open('user_clash', 'websocket')]
  const { noteId, done } = one.createNote({ content: 'the cat sat on the mat\n' })
  await done
  await until(two.note(noteId), note => note !== undefined)
  two.goOffline()
  await until(two.connection, state => state.name === 'offline')
  two.editNote(noteId, { content: 'the dog sat on the mat\n' })
  await one.editNote(noteId, { content: 'the cow sat on the mat\n' }).done
  two.goOnline()
  const [conflict] = await until(two.conflicts, conflicts => conflicts.length > 0)
  expect(conflict).toMatchObject({ noteId, fields: ['content'] })
  const kept = await two.kept(noteId, conflict?.version ?? 0)
  expect(kept.note.content).toBe('the dog sat on the mat\n')
  conflict?.dismiss()
  expect(two.conflicts.get()).toEqual([])
})

test('a server that is killed and comes back costs no edit', async () => {
  const client = open('user_crash', 'websocket')
  const { noteId, done } = client.createNote({ content: 'before' })
  await done
  await server.kill()
  const edit = client.editNote(noteId, { content: 'meanwhile' })
  await edit.stored
  await server.run()
  client.reconnect()
  await edit.done
  const other = open('user_crash', 'sse')
  await until(other.note(noteId), note => note?.content === 'meanwhile')
})

test('a refusal names the edit and keeps it', async () => {
  const client = open('user_refused', 'websocket')
  const edit = client.createNote({ title: 'x'.repeat(501) })
  const error = await edit.done.catch(reason => reason as unknown)
  expect(error).toBeInstanceOf(NotewireError)
  expect((error as NotewireError).problem).toMatchObject({ action: 'change', mutationId: edit.mutationId })
  expect(client.outbox.get().refused).toMatchObject([{ mutation: { mutationId: edit.mutationId } }])
  client.discard(edit.mutationId)
  expect(client.outbox.get().unsynced).toBe(0)
})

test('negotiation begins with a WebSocket, and says what it measured', async () => {
  const { transports: _, ...auto } = { transports: undefined }
  const client = createClient({
    url: server.url, token: () => server.token('user_auto'), ...auto,
    network: { ...memory().network, WebSocket: WebSocket as unknown as NonNullable<Network['WebSocket']> },
  })
  clients.push(client)
  client.connect()
  await until(client.connection, state => state.name === 'connected' && state.latencyMs !== null)
  expect(client.network.get()).toMatchObject({ chosen: 'websocket', measured: { websocket: { ok: true } } })
})

test('who is in a note is seen by the others, on a WebSocket and on an event stream', async () => {
  const [one, two] = [open('user_present', 'websocket'), open('user_present', 'sse')]
  const { noteId, done } = one.createNote({ content: 'x' })
  await done
  await until(two.note(noteId), note => note !== undefined)
  await until(one.connection, state => state.name === 'connected')
  await until(two.connection, state => state.name === 'connected')
  const [a, b] = [one.presence(noteId), two.presence(noteId)]
  a.set({ name: 'one' })
  b.set({ name: 'two' })
  await until(a.others, others => others.length === 1)
  await until(b.others, others => others.length === 1)
  expect(a.others.get()[0]?.data).toEqual({ name: 'two' })
  expect(b.others.get()[0]?.data).toEqual({ name: 'one' })
  const heard = new Promise(resolve => two.onCustom(resolve))
  one.send(noteId, 'wave', { hi: true })
  expect(await heard).toMatchObject({ name: 'wave', data: { hi: true }, noteId })
  a.leave()
  await until(b.others, others => others.length === 0)
})
