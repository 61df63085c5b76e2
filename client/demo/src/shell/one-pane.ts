import { useSyncExternalStore } from 'react'

const narrow = '(max-width: 47.99rem)'

/** Whether the list and a note are one after the other, and not side by side. */
export const onePane = () => matchMedia(narrow).matches

/** The same, for what is drawn otherwise then. */
export function useOnePane(): boolean {
  return useSyncExternalStore(subscribe, onePane)
}

function subscribe(changed: () => void): () => void {
  const media = matchMedia(narrow)
  media.addEventListener('change', changed)
  return () => media.removeEventListener('change', changed)
}
