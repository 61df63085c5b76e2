import type { ErrorCode } from '../../src/protocol/errors.js'
import { blankNote } from '../../src/protocol/parse.js'
import type { ServerFolder, ServerNote } from '../../src/index.js'

type Body = Record<string, unknown>

interface Version {
  readonly note: ServerNote
  readonly mutationId: string
  /** As its author posted it, where that was merged. */
  readonly posted?: ServerNote
}

interface Event {
  readonly seq: number
  readonly frame: Body
}

/** An answer to a request. */
export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

/** Where a stream of the account goes. */
export interface Stream {
  readonly user: string
  readonly connectionId: string
  send(frame: Body): void
  end(code: number, reason: string): void
}

const bodyNames = ['title', 'content', 'blob', 'encryptedTitle', 'encryptedContent', 'iv', 'salt', 'type'] as const
const statuses: Partial<Record<ErrorCode, number>> = {
  invalid: 400, unauthenticated: 401, forbidden: 403, not_found: 404, note_exists: 409, mutation_reused: 409, base_gone: 409, conflict: 409, purged: 410,
  skipped: 424, too_large: 413, note_expired: 409, version_mismatch: 409,
}

class Refusal extends Error {
  constructor(readonly code: ErrorCode, message: string, readonly more: Body = {}) {
    super(message)
  }
}

/** A small model of the server, after PROTOCOL.md: logs, receipts, versions, last writer wins by field, texts merged by lines. */
export class Server {
  epoch = 'e1'
  now = () => 0
  /** What every mutation id was accepted as. */
  readonly receipts = new Map<string, { op: string; cursor: number; noteId: string; version: number; user: string }>()
  readonly refusals = new Map<string, string>()
  readonly streams = new Set<Stream>()
  readonly #versions = new Map<string, Version[]>()
  readonly #members = new Map<string, Map<string, { fields: Body; role: string }>>()
  readonly #folders = new Map<string, Map<string, ServerFolder>>()
  readonly #logs = new Map<string, Event[]>()
  readonly #trimmed = new Map<string, number>()
  #connections = 0
  /** Answers a whole request with this status, for tests. */
  failing: (path: string) => Answer | undefined = () => undefined
  /** Refuses a mutation, for tests. */
  refusing: (item: Body) => { code: ErrorCode; more?: Body } | undefined = () => undefined

  /** Texts with more characters are left out of events. */
  truncateAt = Infinity

  /** A new life of the store, with the same data: cursors of before say nothing. */
  restart(newEpoch: boolean): void {
    if (newEpoch) {
      this.epoch = `e${Number(this.epoch.slice(1)) + 1}`
      for (const [user, log] of this.#logs) this.#trimmed.set(user, log.at(-1)?.seq ?? 0)
    }
    for (const stream of [...this.streams]) stream.end(1006, '')
    this.streams.clear()
  }

  /** The log is kept no further back than that. */
  forget(user: string): void {
    this.#trimmed.set(user, this.head(user))
  }

  head(user: string): number {
    return this.#log(user).at(-1)?.seq ?? 0
  }

  cursor(seq: number): string {
    return `${this.epoch}-${seq}`
  }

  note(id: string, user: string): ServerNote | undefined {
    const note = this.#versions.get(id)?.at(-1)?.note
    const member = this.#members.get(id)?.get(user)
    return note && member ? this.#as(note, member.fields) : undefined
  }

  versions(id: string): readonly Version[] {
    return this.#versions.get(id) ?? []
  }

  notes(user: string, deleted: boolean): ServerNote[] {
    const ids = [...this.#members].filter(([, members]) => members.has(user)).map(([id]) => id).sort()
    return ids.flatMap(id => this.note(id, user) ?? []).filter(note => note.deleted === deleted)
  }

  folders(user: string): ServerFolder[] {
    return [...(this.#folders.get(user)?.values() ?? [])]
  }

  /** Opens a stream: its first frames, and then the events after the cursor, live. */
  open(stream: Omit<Stream, 'connectionId'>, cursor: string | null, auth = true): Stream {
    const connectionId = `c${++this.#connections}`
    const full: Stream = { ...stream, connectionId }
    const { frames, at } = this.#since(stream.user, cursor)
    if (auth) full.send({ type: 'auth_success', message: '', userId: stream.user, cursor: at, connectionId })
    for (const frame of frames) full.send(frame)
    this.streams.add(full)
    return full
  }

  connectionId(): string {
    return `c${++this.#connections}`
  }

  /** A poll's answer, without the wait. */
  poll(user: string, cursor: string | null): Body {
    const { frames } = this.#since(user, cursor)
    return { cursor: this.cursor(this.head(user)), more: false, events: frames }
  }

  #since(user: string, cursor: string | null): { frames: Body[]; at: string } {
    const head = this.head(user)
    if (cursor === null) return { frames: [], at: this.cursor(head) }
    const [epoch, text = ''] = cursor.split('-')
    const seq = Number(text)
    const reason = epoch !== this.epoch ? 'epoch' : seq > head ? 'ahead' : seq < (this.#trimmed.get(user) ?? 0) ? 'expired' : undefined
    if (reason) return { frames: [{ type: 'resync', cursor: this.cursor(head), reason }], at: cursor }
    return { frames: this.#log(user).filter(event => event.seq > seq).map(event => event.frame), at: cursor }
  }

  /** Answers a request other than one for a stream. */
  handle(method: string, path: string, query: URLSearchParams, user: string | null, body: Body): Answer {
    const failure = this.failing(path)
    if (failure) return failure
    if (path === '/api/negotiate') return { status: 200, body: { transports: ['websocket', 'sse', 'poll'], websocket: { path: '/ws' }, sse: { path: '/api/events', paddings: [0, 1024, 4096], heartbeatMs: 25_000 }, poll: { path: '/api/changes', waitMs: 25_000 }, probe: { path: '/api/probe' } } }
    if (user === null) return this.#refused(new Refusal('unauthenticated', 'no token'))
    if (path === '/api/notes') return { status: 200, body: this.#page(user, query) }
    if (path === '/api/folders') return { status: 200, body: { folders: this.folders(user), cursor: this.cursor(this.head(user)) } }
    if (path === '/api/mutations') return { status: 200, body: { results: this.#batch(user, body.mutations as Body[]) } }
    if (path.startsWith('/api/connections/')) {
      const [, , , id] = path.split('/')
      return [...this.streams].some(stream => stream.connectionId === id) ? { status: 200, body: { connectionId: id } } : this.#refused(new Refusal('not_found', 'no such connection'))
    }
    if (path.startsWith('/api/notes/') && method === 'GET') {
      const note = this.note(path.split('/')[3] ?? '', user)
      return note ? { status: 200, body: note } : this.#refused(new Refusal('not_found', 'Note not found'))
    }
    return this.#refused(new Refusal('not_found', 'no such route'))
  }

  #page(user: string, query: URLSearchParams): Body {
    const limit = 3 // small, so that there are pages
    const all = this.notes(user, query.get('deleted') === 'true').filter(note => note.id > (query.get('after') ?? ''))
    return { notes: all.slice(0, limit), nextCursor: all.length > limit ? all[limit - 1]?.id : null, cursor: this.cursor(this.head(user)) }
  }

  #refused(error: Refusal): Answer {
    return { status: statuses[error.code] ?? 500, body: { error: this.#problem(error) } }
  }

  #problem(error: Refusal): Body {
    return { code: error.code, message: error.message, ...error.more }
  }

  #batch(user: string, items: Body[]): Body[] {
    const refused = new Set<unknown>()
    return items.map(item => {
      const { mutationId, noteId = item.id, folderId } = item
      const about = folderId === undefined ? { noteId } : { folderId }
      try {
        if (refused.has(noteId) && noteId !== undefined) throw new Refusal('skipped', 'an earlier mutation of this note was refused')
        const receipt = this.#mutate(user, item)
        return { mutationId, ...about, cursor: this.cursor(receipt.cursor), version: receipt.version }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        refused.add(noteId)
        this.refusals.set(String(mutationId), error.code)
        return { mutationId, ...about, error: { ...this.#problem(error), mutationId } }
      }
    })
  }

  #mutate(user: string, item: Body) {
    const id = String(item.mutationId)
    const { mutationId: _, ...rest } = item
    const op = JSON.stringify(rest)
    const had = this.receipts.get(id)
    if (had) {
      if (had.op !== op || had.user !== user) throw new Refusal('mutation_reused', 'mutationId was used for another operation')
      return had
    }
    const refusal = this.refusing(item)
    if (refusal) throw new Refusal(refusal.code, 'refused', refusal.more)
    const noteId = String(item.op).startsWith('folder_') ? '' : String(item.noteId ?? item.id)
    if (noteId) this.#decide(user, noteId, item)
    else this.#decideFolder(user, String(item.folderId), item)
    const receipt = { op, cursor: this.head(user), noteId, version: this.#versions.get(noteId)?.at(-1)?.note.version ?? 0, user }
    this.receipts.set(id, receipt)
    return receipt
  }

  #decide(user: string, noteId: string, item: Body): void {
    const mutationId = String(item.mutationId)
    const versions = this.#versions.get(noteId) ?? []
    const head = versions.at(-1)?.note
    const own = this.#members.get(noteId)?.get(user)
    const at = this.now()
    if (item.op === 'create') {
      if (head) throw new Refusal('note_exists', 'Note ID already exists')
      const { op: _, mutationId: __, id: ___, noteId: ____, addTags, removeTags: _____, ...given } = item
      const note = { ...blankNote({ id: noteId, userId: user, version: 1, createdAt: at, updatedAt: at }), ...pick(given, bodyNames) } as ServerNote
      this.#members.set(noteId, new Map([[user, { fields: this.#fields({}, { ...given, addTags }), role: 'owner' }]]))
      this.#versions.set(noteId, [{ note, mutationId }])
      return this.#event(noteId, user, mutationId, 'note_created_sync')
    }
    if (!head || !own) throw new Refusal('not_found', 'Note not found')
    switch (item.op) {
      case 'edit':
        return this.#edit(user, noteId, item, head, own)
      case 'organise':
        own.fields = this.#fields(own.fields, item.fields as Body)
        return this.#event(noteId, user, mutationId, 'note_sync', [user])
      case 'trash':
      case 'restore': {
        const deleted = item.op === 'trash'
        if (head.deleted === deleted) return
        versions.push({ note: { ...head, deleted, version: head.version + 1 }, mutationId })
        return this.#event(noteId, user, mutationId, deleted ? 'note_deleted_sync' : 'note_created_sync')
      }
      case 'share': {
        for (const { userId, role } of (item.members ?? []) as { userId: string; role: string }[]) this.#members.get(noteId)?.set(userId, { fields: {}, role })
        versions.push({ note: { ...head, version: head.version + 1 }, mutationId })
        return this.#event(noteId, user, mutationId, 'note_created_sync')
      }
    }
    throw new Refusal('invalid', `no ${String(item.op)}`)
  }

  #edit(user: string, noteId: string, item: Body, head: ServerNote, own: { fields: Body }): void {
    const mutationId = String(item.mutationId)
    const versions = this.#versions.get(noteId) ?? []
    const changes = item.changes as Body
    const body = pick(changes, bodyNames)
    own.fields = this.#fields(own.fields, changes)
    if (!Object.keys(body).length) return this.#event(noteId, user, mutationId, 'note_sync', [user])
    const base = this.#base(item, versions, user)
    const posted = { ...(base ?? head), ...body } as ServerNote
    const merged = base ? { ...head, ...mergeBody(base, head, posted) } : ({ ...head, ...body } as ServerNote)
    const note = { ...merged, version: head.version + 1, updatedAt: this.now() }
    versions.push({ note, mutationId, posted })
    this.#event(noteId, user, mutationId, 'note_sync', undefined, base && base.version < head.version ? { merged: true } : {})
  }

  #base(item: Body, versions: readonly Version[], user: string): ServerNote | undefined {
    if (item.baseMutationId !== undefined) {
      const base = versions.find(version => version.mutationId === item.baseMutationId)
      if (base) return base.posted ?? base.note
      const receipt = this.receipts.get(String(item.baseMutationId))
      const found = receipt?.user === user ? versions.find(version => version.note.version === receipt.version) : undefined
      if (!found) throw new Refusal('base_gone', 'What was edited is not known any more')
      return found.note
    }
    if (item.baseVersion === undefined) return undefined
    const base = versions.find(version => version.note.version === item.baseVersion)
    if (!base) throw new Refusal('base_gone', 'What was edited is not known any more')
    return base.note
  }

  #decideFolder(user: string, id: string, item: Body): void {
    const folders = this.#folders.get(user) ?? new Map<string, ServerFolder>()
    this.#folders.set(user, folders)
    const had = folders.get(id)
    const at = this.now()
    const told = { folderId: id, timestamp: at, fromUserId: user, mutationId: item.mutationId }
    if (item.op === 'folder_create') {
      const { op: _, mutationId: __, folderId: ___, ...given } = item
      const folder = { id, userId: user, name: '', color: '#6b7280', parentId: null, order: 0, isDefault: false, createdAt: at, updatedAt: at, ...given } as ServerFolder
      folders.set(id, folder)
      return this.#append(user, { type: 'folder_created_sync', folderData: folder, ...told })
    }
    if (!had) throw new Refusal('not_found', 'Folder not found or access denied')
    if (item.op === 'folder_delete') {
      folders.delete(id)
      return this.#append(user, { type: 'folder_deleted_sync', ...told })
    }
    const folder = { ...had, ...(item.changes as Body), updatedAt: at } as ServerFolder
    folders.set(id, folder)
    this.#append(user, { type: 'folder_updated_sync', changes: item.changes, updatedFolder: folder, ...told })
  }

  #fields(had: Body, patch: Body): Body {
    const next = { ...had, ...pick(patch, ['folderId', 'tags', 'starred', 'archived', 'hidden']) }
    const tags = [...((next.tags as string[] | undefined) ?? []), ...((patch.addTags as string[] | undefined) ?? [])]
    next.tags = [...new Set(tags)].filter(tag => !(patch.removeTags as string[] | undefined)?.includes(tag))
    return next
  }

  #as(note: ServerNote, fields: Body): ServerNote {
    return { ...note, ...fields } as ServerNote
  }

  #event(noteId: string, from: string, mutationId: string, type: string, only?: string[], more: Body = {}): void {
    const note = this.#versions.get(noteId)?.at(-1)?.note
    if (!note) return
    for (const [user, { fields }] of this.#members.get(noteId) ?? []) {
      if (only && !only.includes(user)) continue
      const whole = this.#as(note, fields)
      const truncated = whole.content.length > this.truncateAt
      const { content: _, blob: __, encryptedTitle: ___, encryptedContent: ____, ...cut } = whole
      const seen = truncated ? cut : whole
      const what = type === 'note_created_sync' ? { noteData: seen } : type === 'note_sync' ? { changes: { updatedAt: note.updatedAt }, updatedNote: seen } : { reason: 'trashed' }
      this.#append(user, { type, noteId, ...what, ...(truncated ? { truncated } : {}), ...more, timestamp: this.now(), fromUserId: from, version: note.version, mutationId })
    }
  }

  #append(user: string, frame: Body): void {
    const seq = this.head(user) + 1
    const event = { seq, frame: { ...frame, cursor: this.cursor(seq) } }
    this.#log(user).push(event)
    for (const stream of this.streams) if (stream.user === user) stream.send(event.frame)
  }

  #log(user: string): Event[] {
    const log = this.#logs.get(user) ?? []
    this.#logs.set(user, log)
    return log
  }
}

function pick(from: Body, names: readonly string[]): Body {
  return Object.fromEntries(names.filter(name => from[name] !== undefined).map(name => [name, from[name]]))
}

/** Field by field the side that changed wins; where both changed the text, lines are merged. */
function mergeBody(base: ServerNote, head: ServerNote, posted: ServerNote): Body {
  const merged: Body = {}
  for (const name of bodyNames) {
    const [b, h, p] = [base[name], head[name], posted[name]]
    if (JSON.stringify(p) === JSON.stringify(b)) continue
    merged[name] = name === 'content' ? mergeLines(base.content, head.content, posted.content) : h === b ? p : p
  }
  return merged
}

/** The head's lines, without those that one side took out, with those that the other put in: as often as it did. */
export function mergeLines(base: string, head: string, posted: string): string {
  const count = (text: string) => {
    const counts = new Map<string, number>()
    for (const line of text.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1)
    return counts
  }
  const [b, p] = [count(base), count(posted)]
  let lines = head.split('\n')
  for (const [line, n] of b) {
    for (let i = p.get(line) ?? 0; i < n; i++) {
      const at = lines.indexOf(line)
      if (at >= 0) lines = [...lines.slice(0, at), ...lines.slice(at + 1)]
    }
  }
  for (const line of posted.split('\n')) {
    const n = p.get(line) ?? 0
    const had = b.get(line) ?? 0
    if (n > had) {
      p.set(line, n - 1)
      lines.push(line)
    }
  }
  return lines.filter(line => line !== '').join('\n')
}
