import type { Frame } from '../protocol/frames.js'
import type { Counts, Diff, HistoryPage, NoteVersion, NotesPage } from '../protocol/answers.js'
import type { FolderChanges, NewFolder, NewNote, NoteChanges, NoteFields, ServerNote, Share } from '../protocol/note.js'
import type { Readable } from '../readable.js'
import type { ConnectionState, NetworkReport, TransportName } from './network.js'
import type { Conflict, Folder, Note } from './notes.js'
import type { OutboxState, Pending } from './outbox.js'
import type { CustomMessage, PresenceRoom } from './presence.js'
import type { DiffOptions, HistoryOptions, SearchQuery } from './queries.js'
import type { TextSession } from './text.js'

/**
 * Notes that stay in step with a server, over whatever the network lets through, also without one. Tabs of one origin share one
 * connection. Everything can be called before `connect` and offline; only the methods that return a `Promise` of what the
 * server has (`history` to `request`) need the network.
 */
export interface Client {
  /** What the connection is doing, and why. */
  readonly connection: Readable<ConnectionState>
  /** Notes that are not in the trash, archived and hidden ones too: newest first, with one's own unconfirmed edits. */
  readonly notes: Readable<readonly Note[]>
  /** Those in the trash, in the same order. */
  readonly trash: Readable<readonly Note[]>
  /** By their `order`, then by name. */
  readonly folders: Readable<readonly Folder[]>
  /** What the server does not have yet. */
  readonly outbox: Readable<OutboxState>
  /** Edits that met at one place, until they are dismissed. */
  readonly conflicts: Readable<readonly Conflict[]>
  /** What was measured of the network, and why this transport. */
  readonly network: Readable<NetworkReport>
  /** Resolves when what this device kept has been read. What is called before then works as well. */
  readonly ready: Promise<void>
  /** One note, also in the trash; undefined while there is none. The same readable each time. */
  note(id: string): Readable<Note | undefined>
  /** The people in a note. Seeing them begins with `set`. */
  presence(noteId: string): PresenceRoom
  /** A text editor's side of a note, with what is typed in this tab and not sent yet. Of a note that is not there it is empty. */
  text(noteId: string): TextSession

  /** Opens a connection and keeps it, whatever comes, until `close`. Does nothing if there is one. */
  connect(): void
  /** Ends the connection, stores what is unsent, and lets another tab lead. Resolves when that is done. It can connect again. */
  close(): Promise<void>
  /** Connects anew at once, without waiting for the next attempt. */
  reconnect(): void
  /** Uses one transport alone, in all tabs, and reconnects; `auto` chooses again. */
  useTransport(transport: TransportName | 'auto'): void
  /** Closes the connection until `goOnline`, and says `offline`: for an airplane switch, or a test. Edits are kept. */
  goOffline(): void
  /** Connects again. */
  goOnline(): void

  /** Makes a note. It is shown at once, under its final id; `version` is 0 until the server has it. */
  createNote(note?: NewNote): Pending<Note>
  /**
   * Edits a note: shown at once, gathered for `editDebounceMs`, merged by the server with what others did (section 16). An
   * id that is not known here is sent all the same.
   */
  editNote(id: string, changes: NoteChanges): Pending<Note>
  /** Changes one's own fields of a note, which nobody else sees. */
  organise(id: string, fields: NoteFields): Pending<Note>
  /** Puts a note into the trash; the owner only. */
  trashNote(id: string): Pending<Note>
  /** Takes a note out of the trash; the owner only. */
  restoreNote(id: string): Pending<Note>
  /** Removes a note in the trash for good, with its history; the owner only (section 18). */
  purgeNote(id: string): Pending<void>
  /**
   * Makes a new version with the text of an earlier one; with `kept`, with what a conflict kept beside that one. Shown when
   * the server has done it.
   */
  revertNote(id: string, version: number, options?: { kept?: boolean }): Pending<Note>
  /** Changes who may see and edit a note. The owner only: others are refused with `forbidden`. */
  shareNote(id: string, share: Share): Pending<Note>
  /** Gives up one's membership in somebody else's note. */
  leaveNote(id: string): Pending<void>
  /** Makes a folder (section 17). */
  createFolder(folder: NewFolder): Pending<Folder>
  /** Changes a folder. Refused with `invalid` if it were put below itself. */
  updateFolder(id: string, changes: FolderChanges): Pending<Folder>
  /** Removes a folder. Its notes stay; refused with `conflict` while there are folders in it. */
  deleteFolder(id: string): Pending<void>

  /** A page of a note's versions, newest first. Rejects with a `NotewireError`. */
  history(id: string, options?: HistoryOptions): Promise<HistoryPage>
  /** One version, with the note as it was. Rejects with a `NotewireError`: `version_thinned` where it is no longer kept. */
  version(id: string, version: number): Promise<NoteVersion>
  /**
   * The side that gave way in the merge that made this version. Rejects with a `NotewireError`: `not_found` where nothing
   * was kept.
   */
  kept(id: string, version: number): Promise<{ version: number; note: ServerNote }>
  /** What changed between two versions, either way. Rejects with a `NotewireError`. */
  diff(id: string, from: number, to: number, options?: DiffOptions): Promise<Diff>
  /** A page of the notes that the server finds, by a text or a query. Rejects with a `NotewireError`. */
  search(query: string | SearchQuery): Promise<NotesPage>
  /** How many notes there are of each kind. Rejects with a `NotewireError`. */
  counts(): Promise<Counts>
  /**
   * Any other request (section 13), with the client's token: `path` begins with a slash, `body` becomes JSON. Resolves to
   * the answer's JSON, or null without one. Rejects with a `NotewireError`: the server's refusal, or `network` without an
   * answer in 30 s.
   */
  request(method: string, path: string, body?: unknown): Promise<unknown>

  /**
   * Sends a message to all who are present in a note: a `name` of 1 to 64 of `A-Z a-z 0-9 _ . : -`, and any JSON (section
   * 19). Join the note first, by `presence(noteId).set`. It is not kept: it reaches those who are there now, if it reaches
   * them.
   */
  send(noteId: string, name: string, data: unknown): void
  /** Tells of messages, one's own too, in notes that were joined by `presence(noteId).set`. Returns what ends it. */
  onCustom(listener: (message: CustomMessage) => void): () => void

  /** Gives up a refused edit, with all of a note whose creation was refused. Does nothing to others. */
  discard(mutationId: string): void
  /**
   * Sends a refused edit again, under a new id; where somebody else had changed the same place, one's own side wins. A note
   * whose id was taken is made under another.
   */
  retry(mutationId: string): void
  /**
   * Tells of each frame from the server of that type, or of all (`*`), after it was applied: in every tab, whichever holds
   * the connection. Returns what ends it.
   */
  on<T extends Frame['type'] | '*'>(type: T, listener: (frame: T extends '*' ? Frame : Extract<Frame, { type: T }>) => void): () => void
}
