import { applyChanges, type Client, type TextSession } from '../../src/index.js'
import { chance, VirtualClock } from './clock.js'
import { Device, type Tab } from './device.js'
import { Server } from './server.js'

/** What a schedule ended with: empty if all is as it should be. */
export interface Verdict {
  readonly faults: readonly string[]
  readonly trace: readonly string[]
  readonly edits: number
  readonly steps: number
}

/** An editor: its text, which only its own typing and the session's changes change. */
interface Editor {
  text: string
  readonly session: TextSession
}

function edited(session: TextSession): Editor {
  const editor = { text: session.value, session }
  session.onRemote(changes => (editor.text = applyChanges(editor.text, changes)))
  return editor
}

const user = 'ada'

/** Runs one schedule of edits and faults, decided by its seed alone, and looks at what is left when all is well again. */
export async function run(seed: number, traced = false, steps = 32): Promise<Verdict> {
  const random = chance(seed * 7919)
  const clock = new VirtualClock(seed)
  const server = new Server()
  server.now = () => clock.now()
  if (seed % 3 === 0) server.truncateAt = 8
  const devices = [0, 1].map(() => new Device(clock, server, user))
  const trace: string[] = []
  /** Each edit's own line, the note that it went into, and whether it was stored. */
  const lines = new Map<string, { noteId: string; stored: boolean }>()
  const editors = new Map<Tab, Map<string, Editor>>()
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!
  const say = (words: string) => trace.push(`${((clock.now() - 1_758_000_000_000) / 1000).toFixed(2)} ${words}`)
  if (traced) server.refusing = item => void say(`      server: ${JSON.stringify(item).slice(0, 300)}`)
  const open = (device: Device) => device.open({ onEvent: event => traced && event.type !== "latency" && !(event.type === "state" && event.state.name === "connected" && event.state.latencyMs !== null) && say(`   ${devices.indexOf(device)} ${JSON.stringify(event).slice(0, 300)}`) })
  for (const device of devices) open(device)

  const edit = (tab: Tab, name: string) => {
    const { client } = tab
    const notes = client.notes.get()
    const line = `${name}${lines.size}`
    const note = notes.length && random() < 0.9 ? pick(notes) : undefined
    const content = note ? `${note.content}\n${line}` : line
    const made = !note ? client.createNote({ content })
      : random() < 0.4 ? type(tab, note.id, line)
        : client.editNote(note.id, { content, ...(random() < 0.2 ? { title: line } : {}) })
    const entry = { noteId: made.noteId, stored: false }
    lines.set(line, entry)
    made.stored.then(() => (entry.stored = true), () => {})
    say(`${line} -> ${made.noteId.slice(0, 4)} as ${made.mutationId.slice(0, 4)} on ${JSON.stringify(note?.content ?? '')}`)
  }
  /** The same in an editor that stays open. */
  const type = (tab: Tab, noteId: string, line: string) => {
    const open = editors.get(tab) ?? new Map<string, Editor>()
    editors.set(tab, open)
    const editor = open.get(noteId) ?? edited(tab.client.text(noteId))
    open.set(noteId, editor)
    const changes = [{ from: editor.text.length, to: editor.text.length, insert: `\n${line}` }]
    editor.text = applyChanges(editor.text, changes)
    return editor.session.localChange(changes)
  }
  const act = (device: Device, which: string) => {
    const { faults } = device.network
    const tab = device.tabs.length ? pick(device.tabs) : open(device)
    const dice = random()
    if (dice < 0.45) edit(tab, which)
    else if (dice < 0.5) organise(tab.client)
    else if (dice < 0.54) say(`${which} cut`), device.network.cut()
    else if (dice < 0.58) say(`${which} hang`), device.network.hang()
    else if (dice < 0.64) say(`${which} online ${!faults.online}`), device.network.setOnline(!faults.online)
    else if (dice < 0.7) Object.assign(faults, { lostAnswers: random() * 0.5, lostRequests: random() * 0.5, refused: random() * 0.5, latency: random() * 3000 }), say(`${which} bad network`)
    else if (dice < 0.74) Object.assign(faults, { sockets: pick(['fine', 'none', 'mute']), streams: pick(['fine', 'held']) }), say(`${which} ${faults.sockets} ${faults.streams}`)
    else if (dice < 0.78) say('restart'), server.restart(random() < 0.3)
    else if (dice < 0.8) say('forget'), server.forget(user)
    else if (dice < 0.86) say(`${which} crash`), device.crash(tab)
    else if (dice < 0.92 && device.tabs.length < 3) say(`${which} tab`), open(device)
    else if (dice < 0.94) trash(tab.client)
    else if (dice < 0.96) tab.client.createFolder({ name: `f${lines.size}` })
    else Object.assign(faults, { lostAnswers: 0, lostRequests: 0, refused: 0, latency: 40, sockets: 'fine', streams: 'fine' })
  }
  const organise = (client: Client) => {
    const note = client.notes.get()[0]
    if (note) client.organise(note.id, { addTags: [`t${Math.floor(random() * 9)}`], starred: random() < 0.5 })
  }
  const trash = (client: Client) => {
    const [note] = client.trash.get()
    const live = client.notes.get()
    if (note) client.restoreNote(note.id)
    else if (live.length > 1) client.trashNote(pick(live).id)
  }

  for (let step = 0; step < steps; step++) {
    const device = pick(devices)
    act(device, 'xy'[devices.indexOf(device)]!)
    const dice = random()
    await clock.pass(dice < 0.5 ? random() * 200 : dice < 0.9 ? random() * 5000 : dice < 0.99 ? random() * 120_000 : 5_000_000 * random())
  }
  for (const device of devices) {
    Object.assign(device.network.faults, { lostAnswers: 0, lostRequests: 0, refused: 0, latency: 40, sockets: 'fine', streams: 'fine' })
    if (!device.network.faults.online) device.network.setOnline(true)
    if (!device.tabs.length) open(device)
  }
  say('all is well')
  const tabs = devices.flatMap(device => device.tabs)
  const calm = await clock.until(() => tabs.every(tab => differences(tab.client, server).length === 0), 900_000, 2000)
  const faults: string[] = []
  if (!calm) for (const [i, tab] of tabs.entries()) faults.push(...differences(tab.client, server).map(words => `tab ${i}: ${words}`))
  if (traced) for (const [i, tab] of tabs.entries()) for (const item of tab.client.outbox.get().items) say(`   tab ${i} ${JSON.stringify({ ...item }).slice(0, 500)}`)
  for (const [i, tab] of tabs.entries()) {
    for (const [noteId, { text, session }] of editors.get(tab) ?? []) {
      const there = server.note(noteId, user)?.content
      if (text !== there || session.value !== there) faults.push(`editor of tab ${i} shows ${JSON.stringify([text, session.value])}, not ${JSON.stringify(there)}`)
    }
  }
  for (const [line, { noteId, stored }] of lines) {
    const found = server.note(noteId, user)?.content.split('\n').filter(each => each === line).length ?? 0
    if (found > 1 || (found === 0 && stored)) faults.push(`${line} is ${found} times in ${noteId.slice(0, 4)}`)
  }
  for (const [id, code] of server.refusals) if (code !== 'skipped') faults.push(`${id.slice(0, 4)} was refused: ${code}`)
  for (const tab of tabs) tab.die()
  return { faults, trace, edits: lines.size, steps: clock.steps }
}

/** What a client shows that the server does not have, or the other way round. */
function differences(client: Client, server: Server): string[] {
  const found: string[] = []
  const { unsynced } = client.outbox.get()
  if (unsynced) found.push(`${unsynced} unsynced`)
  const { name } = client.connection.get()
  if (name !== 'connected') found.push(`the connection is ${name}`)
  if (found.length) return found
  for (const [list, deleted] of [[client.notes, false], [client.trash, true]] as const) {
    const shown = [...list.get()].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ pending: _, saved: __, ...note }) => note)
    const there = server.notes(user, deleted)
    const ids = (notes: readonly { id: string }[]) => notes.map(note => note.id.slice(0, 4)).join()
    if (ids(shown) !== ids(there)) found.push(`${deleted ? 'trash' : 'notes'}: shows ${ids(shown)}, not ${ids(there)}`)
    for (const note of there) {
      const one = Object.entries(sorted(shown.find(each => each.id === note.id) ?? {}))
      const other: Record<string, unknown> = { ...sorted(note) }
      for (const [name, value] of one) {
        if (JSON.stringify(value) !== JSON.stringify(other[name])) found.push(`${note.id.slice(0, 4)}.${name}: shows ${JSON.stringify(value)}, not ${JSON.stringify(other[name])}`)
      }
    }
  }
  const folders = client.folders.get().map(folder => folder.id).sort()
  if (folders.join() !== server.folders(user).map(folder => folder.id).sort().join()) found.push('folders')
  return found
}

function sorted(note: object): object {
  return Object.fromEntries(Object.entries({ folderId: null, starred: false, archived: false, hidden: false, hiddenAt: null, tags: [], ...note }).sort(([a], [b]) => (a < b ? -1 : 1)))
}
