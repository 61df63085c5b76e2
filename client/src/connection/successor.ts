import type { Frame } from '../protocol/frames.js'
import type { AuthSuccess, Link, LinkEvents } from './link.js'

/** What a successor needs. */
export interface Succession {
  readonly signal: AbortSignal
  /** Opens the second link, from the cursor of the first. */
  readonly open: (events: LinkEvents) => Link
  /** Whether the first link is still there to be succeeded. */
  readonly wanted: () => boolean
  /** Puts the second in the place of the first, and says whom it tells from now on. */
  readonly take: (link: Link, frame: AuthSuccess) => LinkEvents
}

/**
 * Opens another link beside the one that works, and lets it take over when it has delivered. Nothing is missed, and what comes
 * twice is dropped by its cursor. Resolves to why it did not; undefined: it did.
 */
export function succeed({ signal, open, wanted, take }: Succession): Promise<string | undefined> {
  return new Promise(resolve => {
    const held: Frame[] = []
    let signedIn: AuthSuccess | undefined
    let heir: LinkEvents | undefined
    const settle = (why?: string) => {
      signal.removeEventListener('abort', shut)
      resolve(why)
    }
    const shut = () => {
      link.close()
      settle('shut')
    }
    const ready = () => {
      if (heir || !signedIn || signal.aborted || !wanted()) return
      heir = take(link, signedIn)
      for (const frame of held) heir.frame(frame)
      settle()
    }
    const link: Link = open({
      ready: (frame, first) => {
        if (heir) return heir.ready(frame, first)
        signedIn = frame
        if (link.transport !== 'websocket') ready() // a WebSocket must answer as well
      },
      frame: frame => (heir ? heir.frame(frame) : void held.push(frame)),
      latency: ms => {
        ready()
        heir?.latency(ms)
      },
      end: outcome => (heir ? heir.end(outcome) : settle(outcome.end.problem.message)),
    })
    signal.addEventListener('abort', shut)
  })
}
