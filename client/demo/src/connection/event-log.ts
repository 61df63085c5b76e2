import type { ClientEvent, Readable } from '../../../src/index'
import { transportName } from './words'

/** Something that the client told. */
export interface LoggedEvent {
  readonly n: number
  readonly at: number
  readonly text: string
}

/** How many events are kept. */
const most = 60

/** The latest events of a client, newest first, in words. */
export class EventLog implements Readable<readonly LoggedEvent[]> {
  #events: readonly LoggedEvent[] = []
  #n = 0
  readonly #listeners = new Set<() => void>()

  readonly get = () => this.#events

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  add(event: ClientEvent): void {
    const text = words(event)
    if (text === undefined || (event.type !== 'acknowledged' && text === this.#events[0]?.text)) return
    this.#events = [{ n: ++this.#n, at: Date.now(), text }, ...this.#events].slice(0, most)
    queueMicrotask(() => {
      for (const listener of [...this.#listeners]) listener()
    })
  }
}

function words(event: ClientEvent): string | undefined {
  switch (event.type) {
    case 'state':
      return stateWords(event.state)
    case 'switched':
      return `From ${transportName(event.from)} to ${transportName(event.to)}: ${event.why}`
    case 'measured':
      return `Network measured: ${event.report.why}`
    case 'conflict':
      return `Two edits met (${event.fields.join(', ')}), version ${event.version}`
    case 'refused':
      return `Refused: ${event.problem.sentence}`
    case 'acknowledged':
      return `Edit confirmed after ${Math.round(event.ms)} ms`
    case 'resync':
      return `Listed anew: ${event.reason}`
    case 'leader':
      return event.leads ? 'This tab holds the connection now' : 'This tab gave the connection up'
    case 'problem':
      return `${event.problem.sentence} ${event.problem.message}`
    case 'latency':
      return undefined
  }
}

function stateWords(state: Extract<ClientEvent, { type: 'state' }>['state']): string {
  switch (state.name) {
    case 'connected':
      return `Connected by ${transportName(state.transport)}`
    case 'connecting':
      return state.transport ? `Connecting by ${transportName(state.transport)}` : 'Connecting'
    case 'waiting':
      return `Waiting to try again: ${state.reason.sentence}`
    case 'offline':
      return 'Offline'
    case 'needs-auth':
      return `Sign-in needed: ${state.reason.sentence}`
    case 'stopped':
      return `Stopped${state.reason ? `: ${state.reason.sentence}` : ''}`
    case 'idle':
      return 'Idle'
  }
}
