import type { ClientOptions } from '../../../src/index'

/** Who is signed in, in this tab. */
export interface Session {
  readonly user: string
  /** A name for people; the id where there is none. */
  readonly name: string
  readonly token: NonNullable<ClientOptions['token']>
  /** The server did not like the token. */
  readonly refused: () => void
  /** Any name may sign in, so that one person can be two. */
  readonly local: boolean
  /** Signs out. */
  readonly end: () => void | Promise<void>
}
