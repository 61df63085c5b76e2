import type { Adapters, Channel, Locks } from '../adapters.js'
import { MemoryLocks } from '../memory/locks.js'
import { systemClock, systemNetwork } from '../memory/system.js'
import { IndexedDbStorage } from './indexeddb.js'

export { IndexedDbStorage }

/**
 * What a client needs, as a page has it: IndexedDB, `navigator.locks`, `BroadcastChannel`. On plain http (but for localhost) there
 * are no locks: then each tab connects for itself. The default in a page.
 */
export function browser(): Adapters {
  const shared = navigator.locks !== undefined // they are missing on plain http: then each tab connects for itself
  return {
    storage: new IndexedDbStorage('notewire', shared),
    locks: shared ? navigatorLocks : new MemoryLocks(),
    channel: name => (shared ? broadcastChannel(name) : { post() {}, onMessage() {}, close() {} }),
    clock: systemClock,
    network: {
      ...systemNetwork(),
      ...('EventSource' in globalThis ? { EventSource: EventSource as unknown as EventSources } : {}),
      online: () => navigator.onLine,
      onChange(listener) {
        const ends = ['online', 'offline'].map(name => listen(globalThis, name, listener))
        if (connection()) ends.push(listen(connection(), 'change', listener))
        return () => ends.forEach(end => end())
      },
      kind: () => [connection()?.type, connection()?.effectiveType].filter(Boolean).join(' '),
    },
    visibility: {
      visible: () => document.visibilityState === 'visible',
      onChange(listener) {
        const ends = [listen(document, 'visibilitychange', listener), listen(globalThis, 'pageshow', listener)]
        return () => ends.forEach(end => end())
      },
    },
  }
}

type EventSources = NonNullable<Adapters['network']['EventSource']>

interface Connection extends EventTarget {
  readonly type?: string
  readonly effectiveType?: string
}

function connection(): Connection | undefined {
  return (navigator as { connection?: Connection }).connection
}

function listen(target: EventTarget | undefined, name: string, listener: () => void): () => void {
  target?.addEventListener(name, listener)
  return () => target?.removeEventListener(name, listener)
}

const navigatorLocks: Locks = {
  request: (name, options, held) => navigator.locks.request(name, options, held) as ReturnType<typeof held>,
}

function broadcastChannel(name: string): Channel {
  const channel = new BroadcastChannel(name)
  let open = true
  return {
    post: message => {
      if (open) channel.postMessage(message)
    },
    onMessage: listener => {
      channel.onmessage = event => listener(event.data)
    },
    close: () => {
      open = false
      channel.close()
    },
  }
}
