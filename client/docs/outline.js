// The order in which a reader meets the exports. The reference cannot be made while an export is missing here.

export const outline = {
  client: {
    'Getting started': ['createClient', 'preload', 'Client', 'ClientOptions', 'Middleware', 'Readable', 'Pending'],
    'Notes and folders': [
      'Note', 'Saved', 'ServerNote', 'NewNote', 'NoteChanges', 'NoteBody', 'NoteFields', 'Share', 'Member', 'Role', 'Folder', 'ServerFolder', 'NewFolder',
      'FolderChanges', 'Millis',
    ],
    'The connection': ['ConnectionState', 'TransportName', 'NetworkReport', 'Measured', 'ClientEvent'],
    'Edits on their way': ['OutboxState', 'OutboxItem', 'OutboxStatus', 'Mutation', 'Operation', 'Base', 'Conflict', 'MergeConflict'],
    Errors: ['NotewireError', 'Problem', 'ProblemAction', 'ErrorCode', 'errorCodes', 'problem'],
    'Text editors': ['TextSession', 'TextChange', 'applyChanges', 'diff'],
    'Presence and messages': ['PresenceRoom', 'Presence', 'CustomMessage'],
    'Lists and history': [
      'SearchQuery', 'NotesPage', 'Count', 'Counts', 'HistoryOptions', 'HistoryPage', 'NoteVersion', 'VersionGroup', 'DiffOptions', 'Diff', 'DiffHunk',
    ],
    'Where it runs': [
      'Adapters', 'browser', 'memory', 'Storage', 'StorageWrite', 'IndexedDbStorage', 'MemoryStorage', 'Locks', 'MemoryLocks', 'Channel',
      'MemoryChannels', 'Clock', 'Network', 'SocketLike', 'EventSourceLike', 'Visibility', 'subject',
    ],
    Frames: ['Frame', 'AccountFrame', 'NoteFrame', 'UnknownFrame', 'NotePatch'],
  },
  react: {
    Setup: ['NotewireProvider', 'NotewireProviderProps', 'configureDefaultClient', 'defaultClient', 'useClient'],
    Hooks: [
      'useNotes', 'NotesResult', 'useNote', 'useNoteWebSocket', 'LiveNote', 'useConnection', 'useNetwork', 'useOutbox', 'useConflicts',
      'usePresence', 'useHistory', 'HistoryResult', 'useReadable',
    ],
    'The connection, as Typelets has it': [
      'useWebSocket', 'UseWebSocketOptions', 'WebSocketResult', 'WebSocketStatusName', 'ConnectionHandlers', 'SyncHandlers',
    ],
    Components: [
      'WebSocketStatus', 'WebSocketStatusProps', 'WebSocketStatusCompact', 'WebSocketStatusCompactProps', 'SyncIndicator', 'SyncNotification',
      'SyncNotificationProps', 'VersionHistory', 'VersionHistoryProps', 'DiffView', 'ConflictView', 'RefusedEdits', 'RefusedEditsProps',
      'PresenceAvatars', 'PresenceAvatarsProps', 'colorOf',
    ],
  },
  compat: {
    'The service': ['getWebSocketService', 'WebSocketService', 'WebSocketServiceOptions', 'WebSocketState', 'WebSocketEventHandlers'],
    'Address and logs': ['serverUrl', 'httpOf', 'Environment', 'debugs', 'redact'],
  },
  trpc: {
    'The router': ['AppRouter', 'Problem'],
    Inputs: ['CreateNote', 'UpdateNote', 'ListNotes', 'GetHistory', 'Idempotent'],
    Outputs: ['Note', 'ListedNote', 'HistoryEntry'],
  },
}
