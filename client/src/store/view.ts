import type { Folder, Note, Saved } from '../api.js'
import type { Item } from '../outbox/item.js'
import { subjectOf } from '../protocol/subject.js'
import type { ServerFolder, ServerNote } from '../protocol/note.js'
import { overlayFolder, overlayNote } from './overlay.js'
import type { ServerState } from './state.js'

/** What the user sees. */
export interface View {
  readonly byId: ReadonlyMap<string, Note>
  readonly notes: readonly Note[]
  readonly trash: readonly Note[]
  readonly folders: readonly Folder[]
}

/** The unsettled edits, by what they are about, in their order. */
export function bySubject(items: readonly Item[]): ReadonlyMap<string, readonly Item[]> {
  const map = new Map<string, Item[]>()
  for (const item of items) {
    const subject = subjectOf(item.mutation)
    const list = map.get(subject)
    if (list) list.push(item)
    else map.set(subject, [item])
  }
  return map
}

/** One note with the edits on it. */
export function noteWith(note: ServerNote | undefined, items: readonly Item[], author: string): ServerNote | undefined {
  return items.reduce<ServerNote | undefined>((seen, item) => overlayNote(seen, item.mutation, item.createdAt, author), note)
}

interface Made {
  readonly of: ServerNote | undefined
  readonly items: readonly Item[]
  readonly offline: boolean
  readonly note: Note
}

/** Makes views, and keeps what is the same the same (`===`), so that nobody renders it again. */
export class Views {
  #last: View = { byId: new Map(), notes: [], trash: [], folders: [] }
  #made = new Map<string, Made>()

  /** What a state shows with the edits on it. */
  make(state: ServerState, items: readonly Item[], author: string, offline: boolean): View {
    const pending = bySubject(items)
    const byId = new Map<string, Note>()
    const made = new Map<string, Made>()
    for (const id of new Set([...state.notes.keys(), ...pending.keys()])) {
      const of = state.notes.get(id)
      const on = pending.get(id) ?? []
      const had = this.#made.get(id)
      const same = had && had.of === of && had.offline === offline && sameItems(had.items, on)
      const note = same ? had.note : show(noteWith(of, on, author), on, offline)
      if (!note) continue
      byId.set(id, note)
      made.set(id, same ? had : { of, items: on, offline, note })
    }
    this.#made = made
    const sorted = [...byId.values()].sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1))
    this.#last = {
      byId,
      notes: keep(this.#last.notes, sorted.filter(note => !note.deleted)),
      trash: keep(this.#last.trash, sorted.filter(note => note.deleted)),
      folders: keepFolders(this.#last.folders, folders(state, pending, author)),
    }
    return this.#last
  }
}

function show(note: ServerNote | undefined, items: readonly Item[], offline: boolean): Note | undefined {
  if (!note) return undefined
  const waiting = items.filter(item => item.status !== 'acknowledged')
  const kept = waiting.every(item => item.stored)
  const saved: Saved = waiting.some(item => item.status === 'refused') ? 'refused' : !waiting.length ? 'saved' : offline && kept ? 'offline' : 'saving'
  return { ...note, pending: waiting.length > 0, saved }
}

function sameItems(a: readonly Item[], b: readonly Item[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}

function keep<T>(last: readonly T[], next: readonly T[]): readonly T[] {
  return last.length === next.length && last.every((each, i) => each === next[i]) ? last : next
}

function folders(state: ServerState, pending: ReadonlyMap<string, readonly Item[]>, author: string): readonly Folder[] {
  const shown: Folder[] = []
  for (const id of new Set([...state.folders.keys(), ...pending.keys()])) {
    const on = pending.get(id) ?? []
    const folder = on.reduce<ServerFolder | undefined>((seen, item) => overlayFolder(seen, item.mutation, item.createdAt, author), state.folders.get(id))
    if (folder) shown.push({ ...folder, pending: on.some(item => item.status !== 'acknowledged') })
  }
  return shown.sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1))
}

function keepFolders(last: readonly Folder[], next: readonly Folder[]): readonly Folder[] {
  const had = new Map(last.map(folder => [folder.id, folder]))
  return keep(last, next.map(folder => {
    const before = had.get(folder.id)
    return before && JSON.stringify(before) === JSON.stringify(folder) ? before : folder
  }))
}
