/** What to look at, and how. */
export interface Target {
  readonly dialect: 'note' | 'account'
  readonly transport: 'websocket' | 'sse'
  readonly noteId: string
  /** Where to go on; empty: from now. */
  readonly cursor: string
  readonly token: string | null
}

/** What a connection tells. */
export interface Sink {
  down(text: string): void
  up(text: string): void
  /** Something happened to the connection; `over` is the last. */
  event(type: string, text?: string): void
  over(): void
}

/** A raw connection, without the client that the rest of the page uses. */
export interface Stream {
  /** Absent where nothing can be sent. */
  send?: (text: string) => void
  close(): void
}

/** Opens what is asked for. */
export function open(target: Target, sink: Sink): Stream {
  return target.transport === 'websocket' ? socket(target, sink) : eventStream(target, sink)
}

function query({ cursor }: Target): string {
  return cursor === '' ? '' : `?cursor=${encodeURIComponent(cursor)}`
}

function socket(target: Target, sink: Sink): Stream {
  const path = target.dialect === 'note' ? `/ws/note/${encodeURIComponent(target.noteId)}${query(target)}` : '/ws'
  const protocols = target.dialect === 'note' && target.token !== null ? ['notewire.v1', `bearer.${target.token}`] : []
  const ws = new WebSocket(location.origin.replace(/^http/, 'ws') + path, protocols)
  const send = (text: string) => {
    ws.send(text)
    sink.up(text)
  }
  sink.event('connecting', path)
  ws.onopen = () => {
    sink.event('open')
    const { token, cursor } = target
    if (target.dialect === 'account') send(JSON.stringify({ type: 'auth', ...(token === null ? {} : { token }), ...(cursor === '' ? {} : { cursor }) }))
  }
  ws.onmessage = event => sink.down(String(event.data))
  ws.onclose = event => {
    sink.event('closed', [`code ${event.code}`, event.reason].filter(Boolean).join(', '))
    sink.over()
  }
  return { send, close: () => ws.close() }
}

function eventStream(target: Target, sink: Sink): Stream {
  const path = (target.dialect === 'note' ? `/api/notes/${encodeURIComponent(target.noteId)}/events` : '/api/events') + query(target)
  const control = new AbortController()
  sink.event('connecting', path)
  void read(path, target.token, control.signal, sink)
    .catch((error: unknown) => sink.event(control.signal.aborted ? 'closed' : 'failed', control.signal.aborted ? '' : String(error)))
    .finally(() => sink.over())
  return { close: () => control.abort() }
}

async function read(path: string, token: string | null, signal: AbortSignal, sink: Sink): Promise<void> {
  const answer = await fetch(path, { signal, headers: { Accept: 'text/event-stream', ...(token === null ? {} : { Authorization: `Bearer ${token}` }) } })
  if (!answer.ok || !answer.body) return sink.event(`HTTP ${answer.status}`, await answer.text())
  sink.event('open')
  const events = eventsIn()
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return sink.event('closed', 'the stream ended')
    for (const { data, comment } of events(value)) {
      if (data !== undefined) sink.down(data)
      else sink.event('comment', comment)
    }
  }
}

/** An event of a stream: its data, or the comment that it is. */
export interface StreamEvent {
  readonly data?: string
  readonly comment?: string
}

/** Reads the events in a stream's text, piece by piece. */
export function eventsIn(): (text: string) => readonly StreamEvent[] {
  let rest = ''
  return text => {
    const parts = (rest + text).split('\n\n')
    rest = parts.pop() ?? ''
    return parts.flatMap(part => {
      const lines = part.split('\n')
      const data = lines.filter(line => line.startsWith('data:')).map(line => line.slice(5).replace(/^ /, ''))
      if (data.length > 0) return { data: data.join('\n') }
      const comments = lines.filter(line => line.startsWith(':'))
      return comments.length > 0 ? { comment: comments.map(line => line.slice(1).trim()).join(' ') } : []
    })
  }
}
