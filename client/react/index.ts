/**
 * Hooks and components for React 18 or later. They use the client of the `NotewireProvider` around them, or else one for the page.
 *
 * @module react
 */

export { NotewireProvider, useClient } from './provider.js'
export type { NotewireProviderProps } from './provider.js'
export { configureDefaultClient, defaultClient } from './default-client.js'
export { useReadable } from './use-readable.js'
export { useConflicts, useConnection, useNetwork, useOutbox } from './use-connection.js'
export { useNote, useNoteWebSocket } from './use-note.js'
export type { LiveNote } from './use-note.js'
export { useNotes } from './use-notes.js'
export type { NotesResult } from './use-notes.js'
export { usePresence } from './use-presence.js'
export { useHistory } from './use-history.js'
export type { HistoryResult } from './use-history.js'
export { useWebSocket } from './use-websocket.js'
export type { UseWebSocketOptions, WebSocketResult } from './use-websocket.js'
export type { ConnectionHandlers } from './connection-events.js'
export type { SyncHandlers } from './sync-events.js'
export type { WebSocketStatusName } from './status.js'
export { WebSocketStatus, WebSocketStatusCompact } from './components/websocket-status.js'
export type { WebSocketStatusCompactProps, WebSocketStatusProps } from './components/websocket-status.js'
export { SyncIndicator, SyncNotification } from './components/sync.js'
export type { SyncNotificationProps } from './components/sync.js'
export { PresenceAvatars, colorOf } from './components/presence-avatars.js'
export type { PresenceAvatarsProps } from './components/presence-avatars.js'
export { VersionHistory } from './components/version-history.js'
export type { VersionHistoryProps } from './components/version-history.js'
export { DiffView } from './components/diff-view.js'
export { ConflictView } from './components/conflict-view.js'
