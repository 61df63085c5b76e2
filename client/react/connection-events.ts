import type { Client } from '../src/index.js'
import { codeOf, errorOf } from './status.js'

/** What a page is told of its connection, in Typelets' words. */
export interface ConnectionHandlers {
  /**
   * Something went wrong. `message` is a sentence for people. `code` is an `ErrorCode`, or `AUTH_FAILED`, which asks for a
   * sign-in.
   */
  onError?: (error: { message: string; code?: string }) => void
  /** It is connected. A hook that is mounted later is told at once. */
  onConnect?: () => void
  /** It is not connected any more. */
  onDisconnect?: () => void
  /** It is signed in as that user; follows `onConnect`. */
  onAuthenticated?: (userId: string) => void
}

/** What was told last. */
export interface Told {
  userId: string | null
  sentence: string | null
}

/** Tells of what the connection becomes, each time that it is another than what was told. Returns what ends it. */
export function watchConnection(client: Client, handlers: () => ConnectionHandlers, told: Told = { userId: null, sentence: null }): () => void {
  const look = () => {
    const state = client.connection.get()
    const before = { ...told }
    told.userId = state.name === 'connected' ? state.userId : null
    told.sentence = errorOf(state)
    if (told.userId !== before.userId) {
      if (before.userId !== null) handlers().onDisconnect?.()
      if (told.userId !== null) {
        handlers().onConnect?.()
        handlers().onAuthenticated?.(told.userId)
      }
    }
    if (told.sentence === null || told.sentence === before.sentence) return
    const code = codeOf(state)
    handlers().onError?.({ message: told.sentence, ...(code === undefined ? {} : { code }) })
  }
  look()
  return client.connection.subscribe(look)
}
