// Seed 000, messages of the client. Added: the array around them, and commas between them.
export const messages = [
  // Authentication (required first)
  { type: "auth", token: "clerk_jwt_token_here" },
  // Join/leave specific notes for updates
  { type: "join_note", noteId: "uuid" },
  { type: "leave_note", noteId: "uuid" },
  // Send note updates to other devices
  {
  type: "note_update",
  noteId: "uuid",
  changes: { title: "New Title", content: "New content" },
  },
  // Notify other devices of new notes
  {
  type: "note_created",
  noteData: { id: "uuid", title: "New Note", /* full note object */ },
  },
  // Notify other devices of deletions
  { type: "note_deleted", noteId: "uuid" },
];
