import { codeOfLast, endOf } from '../protocol/close.js'
import { problem } from '../protocol/errors.js'
import type { Frame } from '../protocol/frames.js'
import { parseFrame } from '../protocol/parse-frame.js'
import { authFrame } from '../protocol/up.js'
import type { Open } from './transport.js'

/** One WebSocket of the account dialect. It signs in once, as soon as it is open. */
export const openWebSocket: Open = (opening, receiver) => {
  const { network, offer, firstToken, cursor } = opening
  const url = offer.websocket.url ?? opening.url.replace(/^http/, 'ws') + offer.websocket.path
  if (!network.WebSocket) throw new Error('there is no WebSocket here')
  const socket = new network.WebSocket(url)
  let last: Frame | undefined
  let open = true
  const end = (code: number, reason: string) => {
    if (!open) return
    open = false
    receiver.end(endOf(offer.websocket.url && code < 4000 ? codeOfLast(last) : code, last, reason)) // a gateway's close has no code
  }
  socket.onopen = () => {
    if (open) socket.send(JSON.stringify(authFrame(firstToken, cursor)))
  }
  socket.onmessage = event => {
    if (!open || typeof event.data !== 'string') return
    last = parseFrame(event.data)
    receiver.frame(last)
  }
  socket.onclose = event => end(event.code, event.reason)
  socket.onerror = () => {} // a close follows
  return {
    send(frame) {
      try {
        socket.send(JSON.stringify(frame))
      } catch (error) {
        if (open) {
          open = false
          receiver.end({ code: 1006, verdict: 'again', problem: problem('network', String(error)) })
        }
      }
    },
    close() {
      open = false
      try {
        socket.close(1000)
      } catch {
        // it was not open yet, or no more
      }
    },
  }
}
