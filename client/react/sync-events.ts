import type { Client, Frame, Problem } from '../src/index.js'

type FrameOf<T extends Frame['type']> = Extract<Frame, { type: T }>

/**
 * What a page is told of, in the words of the account dialect (section 3). Notes are in step without it: it is for effects.
 * `FrameOf<'note_sync'>` is the frame of that type, as `AccountFrame` has it.
 */
export interface SyncHandlers {
  /** Another device, or another person, changed a note. */
  onNoteSync?: (message: FrameOf<'note_sync'>) => void
  /** A note came into sight from elsewhere. */
  onNoteCreatedSync?: (message: FrameOf<'note_created_sync'>) => void
  /** A note went out of sight from elsewhere. */
  onNoteDeletedSync?: (message: FrameOf<'note_deleted_sync'>) => void
  /** Another device made a folder. */
  onFolderCreatedSync?: (message: FrameOf<'folder_created_sync'>) => void
  /** Another device changed a folder. */
  onFolderUpdatedSync?: (message: FrameOf<'folder_updated_sync'>) => void
  /** Another device removed a folder. */
  onFolderDeletedSync?: (message: FrameOf<'folder_deleted_sync'>) => void
  /** The server has an edit of this device. */
  onNoteUpdateSuccess?: (message: FrameOf<'note_update_success'>) => void
}

const syncs = [
  ['note_sync', 'onNoteSync'],
  ['note_created_sync', 'onNoteCreatedSync'],
  ['note_deleted_sync', 'onNoteDeletedSync'],
  ['folder_created_sync', 'onFolderCreatedSync'],
  ['folder_updated_sync', 'onFolderUpdatedSync'],
  ['folder_deleted_sync', 'onFolderDeletedSync'],
] as const

/** How many of this device's edits are remembered, to know their events from those of other devices. */
const remembered = 1000

/** What happens besides the handlers' own calls. */
export interface SyncWatch {
  /** The handlers as they are now. */
  handlers(): SyncHandlers
  /** Something came from another device. */
  synced(): void
  /** The server refused something of this device. */
  refused(problem: Pick<Problem, 'code' | 'message' | 'sentence'>): void
}

/**
 * Tells of what comes from other devices, and of what becomes of this one's edits. The log has both, and each event names its
 * edit; tabs that share a connection are one device. Returns what ends it.
 */
export function watchSync(client: Client, watch: SyncWatch): () => void {
  const own = new Set<string>()
  const refused = new Set(client.outbox.get().refused.map(({ mutation }) => mutation.mutationId))
  const look = () => {
    const { items, refused: now } = client.outbox.get()
    for (const { mutation } of items) own.add(mutation.mutationId)
    for (const id of own) {
      if (own.size <= remembered) break
      own.delete(id)
    }
    for (const { mutation, problem } of now) {
      if (refused.has(mutation.mutationId)) continue
      refused.add(mutation.mutationId)
      if (problem) watch.refused(problem)
    }
  }
  look()
  const ends = syncs.map(([type, name]) =>
    client.on(type, (frame: FrameOf<(typeof syncs)[number][0]>) => {
      if (own.has(frame.mutationId)) {
        if (frame.type === 'note_sync') watch.handlers().onNoteUpdateSuccess?.({ ...frame, type: 'note_update_success' })
        return
      }
      watch.synced()
      ;(watch.handlers()[name] as ((message: typeof frame) => void) | undefined)?.(frame)
    }),
  )
  ends.push(
    client.outbox.subscribe(look),
    client.on('note_update_success', (frame) => watch.handlers().onNoteUpdateSuccess?.(frame)),
    client.on('error', (frame) => watch.refused({ code: frame.code as Problem['code'], message: frame.message, sentence: frame.message })),
  )
  return () => ends.forEach((end) => end())
}
