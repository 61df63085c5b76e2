import { useSyncExternalStore } from 'react'
import type { Readable } from '../src/readable.js'

/** The value of any readable of the client, such as `useReadable(client.folders)`. Renders again after each change. */
export function useReadable<T>(readable: Readable<T>): T {
  return useSyncExternalStore(readable.subscribe, readable.get, readable.get)
}
