// Seed 000, "Enable detailed logging": a fragment. Added: the import, and the component around it.
import { useEffect } from 'react';

export function Debug() {
  // Add to your component
  useEffect(() => {
    // Enable debug logging
    localStorage.setItem('debug', 'websocket:*');
  }, []);
  return null;
}
