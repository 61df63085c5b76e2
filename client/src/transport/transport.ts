import type { Offer } from '../connection/offer.js'
import type { Http } from '../connection/http.js'
import type { End } from '../protocol/close.js'
import type { Frame } from '../protocol/frames.js'
import type { UpFrame } from '../protocol/up.js'

/** What a transport is opened with. */
export interface Opening extends Http {
  readonly offer: Offer
  /** Where to go on; null: now. */
  readonly cursor: string | null
  /** The token for opening; null in local mode. */
  readonly firstToken: string | null
  /** Whose that is; empty if it does not say so. */
  readonly user: string
  /** Bytes of padding after each event, where the transport has that. */
  readonly padding: number
}

/** Whom a transport tells what comes. After `end`, and after it was closed, nothing more. */
export interface Receiver {
  frame(frame: Frame): void
  /** A heartbeat, or another sign of life. */
  beat(): void
  end(end: End): void
}

/** An open, or opening, way to the server. */
export interface Wire {
  /** Sends a frame; absent where requests do that. */
  readonly send?: (frame: UpFrame) => void
  /** Finds out whether it still delivers, and says so with a beat; absent where heartbeats are seen, or the answer to a ping. */
  readonly check?: () => void
  /** Ends it; the receiver hears nothing more. */
  close(): void
}

/** Opens a transport. The frames are the same on all. */
export type Open = (opening: Opening, receiver: Receiver) => Wire
