// Seed 001, "With tRPC": a fragment. Added: the imports, and the functions around it: hooks at each render, the update when it is wanted.
import { useNoteWebSocket } from 'notewire/react';
import { trpc } from '../trpc.js';

export function useUpdate(noteId) {
  // Use tRPC for mutations
  const updateMutation = trpc.updateNote.useMutation();

  // Use WebSocket for real-time updates
  const { note } = useNoteWebSocket({ noteId });

  const update = async () => {
    // Update via tRPC
    await updateMutation.mutateAsync({ id: noteId, title: 'New Title' });

    // WebSocket automatically receives the update!
  };
  return { note, update };
}
