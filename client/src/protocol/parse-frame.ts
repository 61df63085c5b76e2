import type { Frame } from './frames.js'
import { has, isObject, noteOf, parseJson } from './parse.js'

// What a frame must have to be taken for what it says (`has` explains the kinds).
const origin = 'noteId:s timestamp:n fromUserId:s cursor:s mutationId:s version:n'
const confirmation = 'timestamp:n cursor:s mutationId:s'
const folder = `folderId:s timestamp:n fromUserId:s cursor:s mutationId:s`
const event = 'data:N cursor:s version:n'

const members: Readonly<Record<Exclude<Frame['type'], 'unknown'>, string>> = {
  connection_established: 'connectionId:s',
  auth_success: 'userId:s cursor:s connectionId:s',
  auth_failed: 'reason:s',
  token_expiring: 'connectionId:s expiresAt:n inMs:n',
  note_joined: 'noteId:s',
  note_left: 'noteId:s',
  pong: 'timestamp:n',
  note_created_sync: `${origin} noteData:N`,
  note_sync: `${origin} changes:o updatedNote:N`,
  note_deleted_sync: `${origin} reason:s`,
  note_update_success: `noteId:s ${confirmation}`,
  mutation_ack: `op:s ${confirmation}`,
  folder_created_sync: `${folder} folderData:o`,
  folder_updated_sync: `${folder} updatedFolder:o`,
  folder_deleted_sync: folder,
  presence: 'noteId:s senderId:s userId:s data:a',
  presence_state: 'noteId:s data:o',
  custom: 'name:s data:a fromUserId:s timestamp:n',
  resync: 'cursor:s reason:s',
  reconnect: 'code:n reason:s',
  error: 'code:s message:s',
  initial: `${event} sessionId:s`,
  create: event,
  update: event,
  revert: event,
  delete: 'data:o cursor:s version:n',
  ephemeral: 'senderId:s data:a',
  ephemeral_state: 'data:o',
}

const withNotes = ['noteData', 'updatedNote', 'current', 'base', 'data'] as const

/** Reads a frame: one that this client does not know, or that lacks something, becomes `unknown` and keeps its cursor. */
export function frameOf(value: unknown): Frame {
  const type = isObject(value) && typeof value.type === 'string' ? value.type : ''
  if (!isObject(value) || !Object.hasOwn(members, type) || !has(value, members[type as keyof typeof members])) {
    const cursor = isObject(value) && typeof value.cursor === 'string' ? { cursor: value.cursor } : {}
    return { type: 'unknown', was: type, ...cursor, raw: value }
  }
  const frame: Record<string, unknown> = { ...value }
  for (const name of withNotes) {
    const note = noteOf(frame[name])
    if (note) frame[name] = note
  }
  return frame as unknown as Frame // its members have been looked at
}

/** Reads the text of a frame. */
export function parseFrame(text: string): Frame {
  return frameOf(parseJson(text))
}
