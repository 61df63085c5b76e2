// Seed 001, "With React Query": a fragment. Added: the imports, and the function around it.
import { useNoteWebSocket } from 'notewire/react';
import { trpc } from '../trpc.js';

export function useBoth(noteId) {
  const { data } = trpc.getNote.useQuery({ id: noteId });
  const { note: liveNote } = useNoteWebSocket({ noteId });

  // Use liveNote for real-time updates
  // Use data for initial load and refetching
  return { data, liveNote };
}
