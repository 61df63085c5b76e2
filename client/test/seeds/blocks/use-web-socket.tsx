// Seed 000, "useWebSocket". Changed: where it is imported from, and that it is exported.
import { useWebSocket } from 'notewire/react';
export function CustomComponent() {
const webSocket = useWebSocket({
autoConnect: true,
onNoteSync: (message) => {
console.log('Note synced from another device:', message.noteId);
// Handle incoming sync
},
onNoteCreatedSync: (message) => {
console.log('New note created on another device:', message.noteData);
// Add to local state
},
onError: (error) => {
console.error('WebSocket error:', error.message);
// Handle errors
},
onAuthenticated: (userId) => {
console.log('WebSocket authenticated for user:', userId);
}
});
// Manual operations
const joinNote = (noteId: string) => {
webSocket.joinNote(noteId);
};
const sendUpdate = (noteId: string, changes: any) => {
webSocket.sendNoteUpdate(noteId, changes);
};
return <div>Custom WebSocket Component</div>;
}
