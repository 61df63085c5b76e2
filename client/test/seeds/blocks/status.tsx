// Seed 000, "WebSocketStatus". Changed: where it is imported from, that useNotes is imported too, and that it is exported.
import { useNotes, WebSocketStatus } from 'notewire/react';
export function MyApp() {
const { webSocket } = useNotes();
return (
<div>
<WebSocketStatus
status={webSocket.status}
isConnected={webSocket.isConnected}
isAuthenticated={webSocket.isAuthenticated}
reconnectAttempts={webSocket.reconnectAttempts}
lastSync={webSocket.lastSync}
joinedNotes={webSocket.joinedNotes}
error={webSocket.error}
onReconnect={webSocket.reconnect}
onClearError={webSocket.clearError}
showDetails={true}
/>
</div>
);
}
