// Seed 000, "WebSocketStatusCompact". Changed: where it is imported from, that useNotes is imported too, and that it is exported.
import { useNotes, WebSocketStatusCompact } from 'notewire/react';
export function StatusBar() {
const { webSocket } = useNotes();
return (
<div className="status-bar">
<WebSocketStatusCompact
status={webSocket.status}
isAuthenticated={webSocket.isAuthenticated}
lastSync={webSocket.lastSync}
onReconnect={webSocket.reconnect}
/>
</div>
);
}
