import type { Locks } from '../adapters.js'

/** As long as a tab lives it holds a lock of its own: who gets that lock knows that the tab is gone. Returns what frees it. */
export function holdLock(locks: Locks, name: string): () => void {
  const control = new AbortController()
  void locks.request(name, { signal: control.signal }, () => new Promise<void>(resolve => {
    control.signal.addEventListener('abort', () => resolve())
  })).catch(() => {})
  return () => control.abort()
}
