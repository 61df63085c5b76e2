// Seed 001, "React Hook". Changed: where it is imported from, that it is exported, and the two signs, whose bytes the seed lost.
import { useNoteWebSocket } from 'notewire/react';

export function MyComponent({ noteId }) {
  const { note, connected } = useNoteWebSocket({ noteId });
  
  return (
    <div>
      <div>Status: {connected ? '🟢 Live' : '🔴 Offline'}</div>
      <div>Version: {note?.version}</div>
      <div>Title: {note?.title}</div>
    </div>
  );
}
