import type { Client, PresenceRoom } from '../src/index.js'

/** A part of the page that looks at a note. */
export interface Seat {
  /** What it shows to others: JSON of at most 4 KB; null shows nothing. */
  show(data: unknown): void
  leave(): void
}

interface Shared {
  readonly room: PresenceRoom
  /** What each part of the page shows: the latest that is not null is what others see. */
  readonly seats: Map<Seat, unknown>
  /** What others were told last; undefined: not joined. */
  shown: unknown
}

const pages = new WeakMap<Client, Map<string, Shared>>()

/** The room of a note, the same for all of a page. It is kept once it was looked at: a component may subscribe later than it reads. */
function shared(client: Client, noteId: string): Shared {
  const page = pages.get(client) ?? new Map<string, Shared>()
  pages.set(client, page)
  const room = page.get(noteId) ?? { room: client.presence(noteId), seats: new Map<Seat, unknown>(), shown: undefined }
  page.set(noteId, room)
  return room
}

/** Who is in a note. */
export function othersIn(client: Client, noteId: string): PresenceRoom['others'] {
  return shared(client, noteId).room.others
}

/**
 * Joins a note. Several parts of a page may look at one note, under one connection: it is joined once, and left when the last
 * of them has left and none came at once, as in StrictMode. The client joins again by itself after each reconnect.
 */
export function enterRoom(client: Client, noteId: string, data: unknown = null): Seat {
  const all = shared(client, noteId)
  const { room, seats } = all
  const tell = () => {
    const next = [...seats.values()].reduce((latest, each) => each ?? latest, null)
    if (next === all.shown) return
    all.shown = next
    room.set(next) // null joins as well, and shows nothing
  }
  const seat: Seat = {
    show(next) {
      if (!seats.has(seat)) return
      seats.set(seat, next ?? null)
      tell()
    },
    leave() {
      if (!seats.delete(seat)) return
      queueMicrotask(() => {
        if (seats.size > 0) return tell()
        if (all.shown === undefined) return
        all.shown = undefined
        room.leave()
      })
    },
  }
  seats.set(seat, data ?? null)
  tell()
  return seat
}
