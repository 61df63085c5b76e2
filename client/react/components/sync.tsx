/** That something is under way: a turning circle and `message`, "Syncing..." by default. Read out when it appears. */
export function SyncIndicator({ isVisible, message = 'Syncing...' }: { isVisible: boolean; message?: string }) {
  return (
    <span className="nw-sync" role="status" aria-live="polite">
      {isVisible && (
        <>
          <span className="nw-spinner" aria-hidden="true" />
          {message}
        </>
      )}
    </span>
  )
}

/** What `SyncNotification` is told. */
export interface SyncNotificationProps {
  /** Its color, and how urgently it is read out. */
  type: 'success' | 'error' | 'info'
  /** What it says. */
  message: string
  /** False: nothing is there. */
  isVisible: boolean
  /** Gives it a button to close it. */
  onDismiss?: () => void
}

/** A message about the last sync; whoever shows it takes it away. An error is read out at once. */
export function SyncNotification({ type, message, isVisible, onDismiss }: SyncNotificationProps) {
  if (!isVisible) return null
  return (
    <div className={`nw-notification nw-${type}`} role={type === 'error' ? 'alert' : 'status'}>
      <span>{message}</span>
      {onDismiss && (
        <button type="button" aria-label="Dismiss" onClick={onDismiss}>
          ×
        </button>
      )}
    </div>
  )
}
