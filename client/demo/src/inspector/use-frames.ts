import { useCallback, useRef, useState } from 'react'
import { eventOf, frameOf, type Frame } from './frame'
import { open, type Stream, type Target } from './stream'

/** How many frames are kept. */
const most = 1000

/** A connection and its frames, newest last. While it is paused, frames wait. */
export function useFrames() {
  const [frames, setFrames] = useState<readonly Frame[]>([])
  const [status, setStatus] = useState<'closed' | 'open'>('closed')
  const [canSend, setCanSend] = useState(false)
  const [paused, setPaused] = useState(false)
  const [held, setHeld] = useState(0)
  const stream = useRef<Stream | null>(null)
  const waiting = useRef<Frame[]>([])
  const pausing = useRef(false)
  const n = useRef(0)

  const add = useCallback((make: (n: number) => Frame) => {
    waiting.current.push(make(++n.current))
    if (pausing.current) return setHeld(waiting.current.length)
    const added = waiting.current
    waiting.current = []
    setFrames(frames => [...frames, ...added].slice(-most))
  }, [])

  const connect = useCallback(
    (target: Target) => {
      stream.current?.close()
      let current = true
      const opened = open(target, {
        down: text => add(n => frameOf(n, 'down', text)),
        up: text => add(n => frameOf(n, 'up', text)),
        event: (type, text) => add(n => eventOf(n, type, text)),
        over: () => {
          if (current && stream.current === opened) {
            stream.current = null
            setStatus('closed')
            setCanSend(false)
          }
          current = false
        },
      })
      stream.current = opened
      setStatus('open')
      setCanSend(opened.send !== undefined)
    },
    [add],
  )
  const pause = useCallback((on: boolean) => {
    pausing.current = on
    setPaused(on)
    setHeld(0)
    const added = waiting.current
    waiting.current = []
    if (added.length > 0) setFrames(frames => [...frames, ...added].slice(-most))
  }, [])
  return {
    frames, status, canSend, paused, held, connect, pause, note: add,
    disconnect: useCallback(() => stream.current?.close(), []),
    clear: useCallback(() => setFrames([]), []),
    send: useCallback((text: string) => stream.current?.send?.(text), []),
  }
}
