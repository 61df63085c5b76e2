// Seed 000, messages of the server. Added: the array around them, and commas between them; {...} is written {}.
export const messages = [
  // Connection established
  { type: "connection_established", message: "Please authenticate to continue" },
  // Authentication responses
  { type: "auth_success", message: "Authentication successful", userId: "user_id" },
  { type: "auth_failed", message: "Authentication failed" },
  // Real-time sync from other devices
  {
  type: "note_sync",
  noteId: "uuid",
  changes: {},
  updatedNote: {},
  timestamp: 1234567890,
  fromUserId: "user_id"
  },
  {
  type: "note_created_sync",
  noteData: {},
  timestamp: 1234567890,
  fromUserId: "user_id"
  },
  {
  type: "note_deleted_sync",
  noteId: "uuid",
  timestamp: 1234567890,
  fromUserId: "user_id"
  },
  // Confirmations
  {
  type: "note_update_success",
  noteId: "uuid",
  updatedNote: {},
  timestamp: 1234567890
  },
  { type: "note_joined", noteId: "uuid", message: "Successfully joined note for real-time sync" },
  { type: "note_left", noteId: "uuid" },
  // Errors
  { type: "error", message: "Error description" },
];
