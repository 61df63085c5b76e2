import { useLayoutEffect, useRef, useState } from 'react'
import { bytes } from '../connection/words'
import { Empty } from '../ui/empty'
import { CopyButton } from '../ui/copy-button'
import { clock } from '../ui/when'
import { pretty, type Frame } from './frame'

/** Frames in their order. At its end it follows; scrolled up, it stays. */
export function FrameTable({ frames, any }: { frames: readonly Frame[]; any: boolean }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set())
  const scroll = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  useLayoutEffect(() => {
    if (atEnd.current && scroll.current) scroll.current.scrollTop = scroll.current.scrollHeight
  }, [frames])
  const toggle = (n: number) => {
    const next = new Set(open)
    if (!next.delete(n)) next.add(n)
    setOpen(next)
  }
  if (frames.length === 0) {
    return any ? (
      <Empty icon="search" title="No frame is like that"><p>Change the filter to see the others.</p></Empty>
    ) : (
      <Empty icon="frames" title="Nothing on the wire yet"><p>Choose a note and connect. Everything that is sent and received shows up here, with its time and size.</p></Empty>
    )
  }
  return (
    <div
      ref={scroll} className="frames" data-testid="frames"
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => (atEnd.current = scrollTop + clientHeight >= scrollHeight - 24)}
    >
      {frames.map(frame => (
        <FrameRow key={frame.n} frame={frame} open={open.has(frame.n)} onToggle={() => toggle(frame.n)} />
      ))}
    </div>
  )
}

const arrows = { down: '↓', up: '↑', event: '·' } as const

function FrameRow({ frame, open, onToggle }: { frame: Frame; open: boolean; onToggle: () => void }) {
  return (
    <div className="frame" data-direction={frame.direction} data-type={frame.type}>
      <button type="button" className="frame-line" aria-expanded={open} onClick={onToggle} disabled={frame.text === ''}>
        <time>{clock(frame.at)}</time>
        <span className="frame-arrow" aria-label={{ down: 'received', up: 'sent', event: 'event' }[frame.direction]}>{arrows[frame.direction]}</span>
        <span className="frame-type">{frame.type}</span>
        <span className="frame-text ellipsis">{frame.text}</span>
        <span className="frame-size">{frame.direction === 'event' ? '' : bytes(frame.size)}</span>
      </button>
      {open && (
        <div className="frame-detail">
          <pre tabIndex={0}>{pretty(frame.text)}</pre>
          <CopyButton label="Copy" text={pretty(frame.text)} />
        </div>
      )}
    </div>
  )
}
