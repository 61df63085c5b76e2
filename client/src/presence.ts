import type { Clock } from './adapters.js'
import type { Presence, PresenceRoom } from './api.js'
import type { Frame } from './protocol/frames.js'
import type { UpFrame } from './protocol/up.js'
import { Cell } from './readable.js'

/** How often one's own presence is shown again, in milliseconds: the server forgets it after 30 s. */
const renewal = 20_000

interface Room {
  readonly others: Cell<readonly Presence[]>
  own: { data: unknown } | undefined
}

/** Who is in which note. Nothing of it is kept. */
export class Rooms {
  readonly #clock: Clock
  readonly #send: (frame: UpFrame) => void
  readonly #self: () => string
  readonly #known: (noteId: string) => boolean
  readonly #rooms = new Map<string, Room>()
  #timer = () => {}

  /**
   * @param self the id of the connection at the server
   * @param known whether the server can know the note: one that was just made here it does not
   */
  constructor(clock: Clock, send: (frame: UpFrame) => void, self: () => string, known: (noteId: string) => boolean = () => true) {
    this.#clock = clock
    this.#send = send
    this.#self = self
    this.#known = known
  }

  /** The people in a note. */
  room(noteId: string): PresenceRoom {
    const room = this.#rooms.get(noteId) ?? { others: new Cell<readonly Presence[]>([]), own: undefined }
    this.#rooms.set(noteId, room)
    return {
      others: room.others,
      set: data => {
        const joined = room.own !== undefined
        const same = joined && JSON.stringify(room.own?.data) === JSON.stringify(data) // it is renewed in time
        if (same && this.#rooms.get(noteId) === room) return
        room.own = { data }
        this.#rooms.set(noteId, room)
        this.#schedule()
        if (!this.#known(noteId)) return // its event will say so
        if (!joined) this.#send({ type: 'join_note', noteId })
        this.#send({ type: 'presence', noteId, data })
      },
      leave: () => {
        if (room.own) {
          this.#send({ type: 'presence', noteId, data: null })
          this.#send({ type: 'leave_note', noteId })
        }
        room.own = undefined
        room.others.set([])
        this.#rooms.delete(noteId)
      },
    }
  }

  /** There is a new connection, which has joined nothing yet. */
  rejoin(): void {
    for (const [noteId, room] of this.#rooms) {
      room.others.set([])
      this.#join(noteId, room)
    }
    this.#schedule()
  }

  /** There is no connection, or one that does not bring presence. */
  alone(): void {
    for (const { others } of this.#rooms.values()) if (others.get().length) others.set([])
  }

  frame(frame: Frame): void {
    if (frame.type === 'presence') {
      if (frame.senderId !== this.#self()) this.#show(frame.noteId, others => {
        const rest = others.filter(each => each.senderId !== frame.senderId)
        return frame.data === null ? rest : [...rest, { senderId: frame.senderId, userId: frame.userId, data: frame.data }]
      })
    } else if (frame.type === 'presence_state') {
      this.#show(frame.noteId, () => Object.entries(frame.data).map(([senderId, { userId, data }]) => ({ senderId, userId, data })))
    } else if (frame.type === 'note_created_sync') { // before that, the server knew no such note to be in
      const room = this.#rooms.get(frame.noteId)
      if (room) this.#join(frame.noteId, room)
    }
  }

  close(): void {
    this.#timer()
  }

  #join(noteId: string, { own }: Room): void {
    if (!own) return
    this.#send({ type: 'join_note', noteId })
    this.#send({ type: 'presence', noteId, data: own.data })
  }

  #show(noteId: string, change: (others: readonly Presence[]) => readonly Presence[]): void {
    const others = this.#rooms.get(noteId)?.others
    others?.set(change(others.get()).filter(each => each.senderId !== this.#self()))
  }

  #schedule(): void {
    this.#timer()
    this.#timer = this.#clock.after(renewal, () => {
      const present = [...this.#rooms].filter(([, { own }]) => own && own.data !== null)
      for (const [noteId, { own }] of present) this.#send({ type: 'presence', noteId, data: own?.data })
      if (present.length) this.#schedule()
    })
  }
}
