import { useMemo, useState } from 'react'
import type { Session } from '../session/session'
import { CopyButton } from '../ui/copy-button'
import { Icon } from '../ui/icon'
import { Mark } from '../ui/mark'
import { ThemeSwitch } from '../ui/theme-switch'
import { ConnectForm } from './connect-form'
import { eventOf } from './frame'
import { FrameTable } from './frame-table'
import { SendBox } from './send-box'
import type { Target } from './stream'
import { UpdateNote } from './update-note'
import { useFrames } from './use-frames'

type Show = 'all' | 'down' | 'up'

/** The wire itself: every frame of one connection, as it is. */
export default function Inspector({ session }: { session: Session }) {
  const { frames, status, canSend, paused, held, connect, disconnect, pause, clear, send, note } = useFrames()
  const [target, setTarget] = useState<Omit<Target, 'token'>>({ dialect: 'note', transport: 'websocket', noteId: new URLSearchParams(location.search).get('note') ?? '', cursor: '' })
  const [filter, setFilter] = useState('')
  const [show, setShow] = useState<Show>('all')
  const shown = useMemo(() => {
    const wanted = filter.trim().toLowerCase()
    return frames.filter(frame => (show === 'all' || frame.direction === show) && (wanted === '' || `${frame.type} ${frame.text}`.toLowerCase().includes(wanted)))
  }, [frames, filter, show])
  const begin = async () => {
    try {
      connect({ ...target, token: await session.token() })
    } catch (error) {
      note(n => eventOf(n, 'no token', String(error)))
    }
  }
  return (
    <div className="inspector">
      <header className="header">
        <a className="brand" href="./" title="To the notes"><Mark /> <span>Notewire</span></a>
        <h1 className="inspector-title">Frame inspector</h1>
        <div className="header-end">
          <a className="button small bar" href="./"><Icon name="back" /> Back to the notes</a>
          <span className="pill" data-testid="inspector-status">{status === 'open' ? 'connected' : 'not connected'}</span>
          <ThemeSwitch />
        </div>
      </header>
      <aside className="inspector-side" aria-label="Settings">
        <ConnectForm target={target} onChange={setTarget} open={status === 'open'} onConnect={() => void begin()} onDisconnect={disconnect} user={session.name} session={session} />
        <UpdateNote session={session} noteId={target.noteId} onEvent={(type, text) => note(n => eventOf(n, type, text))} />
        <SendBox dialect={target.dialect} noteId={target.noteId} enabled={canSend} transport={target.transport} onSend={send} />
      </aside>
      <main className="inspector-main" aria-label="Frames">
        <div className="inspector-bar">
          <div className="search">
            <Icon name="search" />
            <input type="search" className="input" placeholder="Filter by type or text" aria-label="Filter frames" data-testid="frame-filter" value={filter} onChange={event => setFilter(event.target.value)} />
          </div>
          <div className="segmented" role="group" aria-label="Direction">
            {(['all', 'down', 'up'] as const).map(each => (
              <button key={each} type="button" aria-pressed={show === each} onClick={() => setShow(each)}>{{ all: 'All', down: 'Received', up: 'Sent' }[each]}</button>
            ))}
          </div>
          <span className="count" role="status">{shown.length === frames.length ? frames.length : `${shown.length} of ${frames.length}`}{held > 0 && ` + ${held} held`}</span>
          <button type="button" className="button" aria-pressed={paused} onClick={() => pause(!paused)}><Icon name={paused ? 'play' : 'pause'} /> {paused ? 'Go on' : 'Pause'}</button>
          <CopyButton label="Copy all" text={() => shown.map(frame => frame.text).join('\n')} />
          <button type="button" className="button" onClick={clear}>Clear</button>
        </div>
        <FrameTable frames={shown} any={frames.length > 0} />
      </main>
    </div>
  )
}
