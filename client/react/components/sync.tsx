/** That something is under way. */
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

/** What a notification says. */
export interface SyncNotificationProps {
  type: 'success' | 'error' | 'info'
  message: string
  isVisible: boolean
  onDismiss?: () => void
}

/** A message about the last sync, until it is dismissed. */
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
