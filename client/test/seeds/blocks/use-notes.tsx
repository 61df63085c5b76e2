// Seed 000, "useNotes". Changed: where it is imported from, and that it is exported.
import { useNotes } from 'notewire/react';
export function MyComponent() {
const {
notes,
selectedNote,
webSocket, // WebSocket status and methods
updateNote,
createNote,
deleteNote
} = useNotes();
// WebSocket status
console.log('WebSocket status:', webSocket.status);
console.log('Is connected:', webSocket.isConnected);
console.log('Is authenticated:', webSocket.isAuthenticated);
// Manual reconnection
const handleReconnect = () => {
webSocket.reconnect();
};
return (
<div>
<div>Status: {webSocket.status}</div>
{webSocket.error && (
<div>Error: {webSocket.error}</div>
)}
</div>
);
}
