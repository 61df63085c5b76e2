import type { Adapters } from '../adapters.js'
import type { ClientEvent, NetworkReport, TransportName } from '../api.js'
import type { Http } from '../connection/http.js'
import type { Frame } from '../protocol/frames.js'

/** What an account needs. */
export interface AccountEnv extends Adapters {
  readonly scope: string
  readonly tab: string
  readonly http: Http
  readonly transports: readonly TransportName[]
  readonly maxAttempts: number
  readonly cacheBytes: number
  readonly newId: () => string
  /** Something that can be seen may have changed. */
  readonly onChange: () => void
  readonly onFrame: (frame: Frame) => void
  /** What was measured of the network, in whichever tab. */
  readonly onReport: (report: NetworkReport) => void
  readonly onEvent: (event: ClientEvent) => void
}
