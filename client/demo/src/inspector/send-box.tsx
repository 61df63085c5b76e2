import { useState } from 'react'
import type { Target } from './stream'

export interface SendBoxProps {
  dialect: Target['dialect']
  transport: Target['transport']
  noteId: string
  enabled: boolean
  onSend: (text: string) => void
}

/** Sends any frame, right or wrong. */
export function SendBox({ dialect, transport, noteId, enabled, onSend }: SendBoxProps) {
  const [text, setText] = useState('{"type":"ping"}')
  const samples = dialect === 'note' ? noteSamples : accountSamples(noteId)
  return (
    <form
      className="inspector-form"
      onSubmit={event => {
        event.preventDefault()
        onSend(text)
      }}
    >
      <h2>Send a frame</h2>
      <select className="input select" aria-label="Example" value="" onChange={event => setText(event.target.value)}>
        <option value="" disabled>Example…</option>
        {Object.entries(samples).map(([name, frame]) => <option key={name} value={JSON.stringify(frame, null, 2)}>{name}</option>)}
      </select>
      <textarea className="input mono" aria-label="Frame" data-testid="inspector-frame" rows={6} spellCheck={false} value={text} onChange={event => setText(event.target.value)} />
      <button type="submit" className="button" data-testid="inspector-send" disabled={!enabled}>Send</button>
      {transport === 'sse' && <p className="hint">An event stream goes one way: what it sends goes by HTTP.</p>}
    </form>
  )
}

const noteSamples = {
  ping: { type: 'ping' },
  update_event: { type: 'update_event', data: { content: 'From the inspector' } },
  'update_event, title': { type: 'update_event', data: { title: 'A new title' } },
  ephemeral: { type: 'ephemeral', data: { name: 'inspector', cursor: { anchor: 0, head: 5 }, color: '#9333ea' } },
  custom: { type: 'custom', name: 'wave', data: 'hello' },
}

function accountSamples(noteId: string) {
  return {
    ping: { type: 'ping' },
    join_note: { type: 'join_note', noteId },
    note_update: { type: 'note_update', noteId, changes: { content: 'From the inspector' } },
    note_created: { type: 'note_created', noteData: { title: 'From the inspector', content: '' } },
    presence: { type: 'presence', noteId, data: { name: 'inspector', cursor: { anchor: 0, head: 5 }, color: '#9333ea' } },
    leave_note: { type: 'leave_note', noteId },
  }
}
