import type { ServerNote } from './note.js'

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

/** Whether a value is an object, and no array. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads JSON; undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// The kinds of a member: s string, n number, o object, N note, a anything.
const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  s: value => typeof value === 'string',
  n: value => typeof value === 'number',
  o: isObject,
  N: isNote,
  a: value => value !== undefined,
}

function isNote(value: unknown): boolean {
  return has(value, 'id:s userId:s version:n updatedAt:n')
}

/** Whether an object has members of these kinds: "id:s version:n". What else it has is left as it is. */
export function has(value: unknown, spec: string): value is Json {
  return isObject(value) && spec.split(' ').every(each => {
    const [name = '', kind = ''] = each.split(':')
    return kinds[kind]?.(value[name]) ?? false
  })
}

const blank: Omit<ServerNote, 'id' | 'userId' | 'version' | 'updatedAt' | 'createdAt'> = {
  title: null, content: '', blob: null, encryptedTitle: null, encryptedContent: null, iv: null, salt: null, type: 'note',
  access: 'private', collaborators: [], roles: {}, deleted: false, expiresAt: null,
  folderId: null, tags: [], starred: false, archived: false, hidden: false, hiddenAt: null,
}

/** A note of which nothing is known but that. */
export function blankNote(known: Pick<ServerNote, 'id' | 'userId' | 'version' | 'updatedAt' | 'createdAt'>): ServerNote {
  return { ...blank, ...known }
}

/** Reads a note; undefined if it is none. Who is no member gets nobody's fields, and they count as not set. */
export function noteOf(value: unknown): ServerNote | undefined {
  return isNote(value) ? ({ ...blank, ...(value as object) } as ServerNote) : undefined
}
