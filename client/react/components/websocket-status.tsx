import { useEffect, useId, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import type { WebSocketStatusName } from '../status.js'
import { WifiIcon, WifiOffIcon } from './icons.js'
import { lastSyncText } from './relative-time.js'
import { useNow } from './use-now.js'

/** What both status components are told: what `useWebSocket` gives has all of it. */
export interface WebSocketStatusCompactProps {
  /** The state of the connection. */
  status: WebSocketStatusName
  /** Whether somebody is signed in. */
  isAuthenticated: boolean
  /** When something last came from another device, in milliseconds since 1970; null: never. */
  lastSync: number | null
  /** Accepted, and not used: the compact form has no button. */
  onReconnect?: () => void
}

/** What `WebSocketStatus` is told besides; `useWebSocket` gives most of it, as in `<WebSocketStatus {...webSocket} />`. */
export interface WebSocketStatusProps extends WebSocketStatusCompactProps {
  /** Whether there is a connection. */
  isConnected: boolean
  /** Shown if it is above 0. */
  reconnectAttempts: number
  /** How many there are is shown. */
  joinedNotes: readonly string[]
  /** A sentence for people; null if nothing is wrong. */
  error: string | null
  /** Gives it a button, as the next three do. */
  onReconnect?: () => void
  /** While there is no connection. */
  onConnect?: () => void
  /** While there is one. */
  onDisconnect?: () => void
  /** While there is an error. */
  onClearError?: () => void
  /** False: the icon alone. True by default. */
  showDetails?: boolean
}

function connectedText(status: WebSocketStatusName, isAuthenticated: boolean): 'Connected' | 'Disconnected' {
  return (status === 'connected' || status === 'authenticated') && isAuthenticated ? 'Connected' : 'Disconnected'
}

/** Whether changes come as they happen: an icon and a word, and a panel with details on demand. */
export function WebSocketStatus(props: WebSocketStatusProps) {
  const { status, isConnected, isAuthenticated, showDetails = true } = props
  const text = connectedText(status, isAuthenticated)
  const live = isConnected && isAuthenticated
  const icon = <span className={`nw-status-icon ${live ? 'nw-good' : 'nw-bad'}`}>{live ? <WifiIcon /> : <WifiOffIcon />}</span>
  if (!showDetails) {
    return (
      <span className="nw-status" role="status" title={text} aria-label={text}>
        {icon}
      </span>
    )
  }
  return <StatusMenu {...props} text={text} icon={icon} />
}

function StatusMenu(props: WebSocketStatusProps & { text: string; icon: ReactNode }) {
  const { text, icon, status, isConnected, isAuthenticated, joinedNotes, lastSync, reconnectAttempts, error } = props
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const panel = useId()
  const now = useNow(1000, open)
  useEffect(() => {
    if (!open) return
    const outside = (event: MouseEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      setOpen(false)
      button.current?.focus()
    }
    document.addEventListener('mousedown', outside)
    document.addEventListener('keydown', escape) // a click gives a button no focus everywhere
    return () => {
      document.removeEventListener('mousedown', outside)
      document.removeEventListener('keydown', escape)
    }
  }, [open])
  const act = (action: (() => void) | undefined) => () => {
    action?.()
    setOpen(false)
    button.current?.focus()
  }
  const rows: [string, string | number][] = [
    ['Status:', status],
    ['Connected:', isConnected ? 'Yes' : 'No'],
    ['Authenticated:', isAuthenticated ? 'Yes' : 'No'],
    ['Joined Notes:', joinedNotes.length],
    ['Last Sync:', lastSyncText(lastSync, now)],
  ]
  if (reconnectAttempts > 0) rows.push(['Reconnect Attempts:', reconnectAttempts])
  return (
    <div className="nw-status" ref={root}>
      <button
        ref={button} type="button" className="nw-status-button" title={text} aria-expanded={open} aria-controls={panel}
        onClick={() => setOpen(!open)}
      >
        {icon}
        <span role="status">{text}</span>
      </button>
      {open && (
        <div className="nw-status-panel" id={panel} role="group" aria-label="Connection">
          {error !== null && (
            <p className="nw-status-error" role="alert">
              <strong>Error:</strong> {error}
            </p>
          )}
          <dl>
            {rows.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <div className="nw-status-actions">
            {isConnected
              ? props.onDisconnect && <button type="button" onClick={act(props.onDisconnect)}>Disconnect</button>
              : props.onConnect && <button type="button" onClick={act(props.onConnect)}>Connect</button>}
            {props.onReconnect && <button type="button" onClick={act(props.onReconnect)}>Reconnect</button>}
            {error !== null && props.onClearError && <button type="button" onClick={act(props.onClearError)}>Clear Error</button>}
          </div>
        </div>
      )}
    </div>
  )
}

/** Whether changes come as they happen, in one word, for a status bar; on narrow screens the icon alone. */
export function WebSocketStatusCompact({ status, isAuthenticated, lastSync }: WebSocketStatusCompactProps) {
  const text = connectedText(status, isAuthenticated)
  const now = useNow(10_000, lastSync !== null)
  const title = lastSync === null ? text : `${text} • Last sync: ${lastSyncText(lastSync, now)}`
  return (
    <span className="nw-status nw-status-compact" role="status" title={title}>
      <span className={`nw-status-icon ${text === 'Connected' ? 'nw-good' : 'nw-bad'}`}>
        {text === 'Connected' ? <WifiIcon /> : <WifiOffIcon />}
      </span>
      <span className="nw-status-text">{text}</span>
    </span>
  )
}
