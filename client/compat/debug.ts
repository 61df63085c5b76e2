/** What a frame may say that a log must not: tokens, secrets, and what people write. */
const secrets = new Set(['token', 'sessionSecret', 'signature', 'ticket', 'Authorization', 'iv', 'salt'])
const texts = new Set(['title', 'content', 'blob', 'encryptedTitle', 'encryptedContent', 'name', 'tags', 'addTags', 'removeTags', 'raw'])

/**
 * A copy of a frame that is fit for a log: secrets are gone, of texts only their length is left, and of other data only
 * that there was some.
 */
export function redact(value: unknown, name = ''): unknown {
  if (secrets.has(name) && value !== null && value !== undefined) return '[redacted]'
  if (texts.has(name) && typeof value === 'string') return `[${value.length} characters]`
  if (texts.has(name) && value !== null && typeof value === 'object') return '[object]'
  if (name === 'data' && !isNote(value) && value !== null && value !== undefined) return '[data]' // what people show each other
  if (Array.isArray(value)) return value.map((item) => redact(item))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redact(item, key)]))
  }
  return value
}

/** Whether `localStorage.debug` names a part: `websocket:connection`, `:auth`, `:send` or `:receive`; `websocket:*` names all. */
export function debugs(part: string): boolean {
  let wanted: string | null = null
  try {
    wanted = (globalThis as { localStorage?: { getItem(key: string): string | null } }).localStorage?.getItem('debug') ?? null
  } catch {
    return false // storage that is forbidden says nothing
  }
  return (wanted ?? '').split(/[\s,]+/).some((name) => name === '*' || name === 'websocket:*' || name === `websocket:${part}`)
}

/** Logs if it is wanted. `localStorage.debug` is read each time: it can be set while the page runs. */
export function log(part: string, message: string, detail?: unknown): void {
  if (debugs(part)) console.debug(`websocket:${part}`, message, ...(detail === undefined ? [] : [redact(detail)]))
}

function isNote(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'id' in value
}
