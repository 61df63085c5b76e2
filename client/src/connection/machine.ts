import type { ConnectionState, TransportName } from '../api.js'
import type { End } from '../protocol/close.js'
import { problem, type Problem } from '../protocol/errors.js'
import { backoff } from './backoff.js'

/** What the machine remembers besides what it shows. */
export interface Machine {
  readonly state: ConnectionState
  /** How many attempts failed since a connection lived long enough. */
  readonly attempt: number
}

/** What happens to a connection. */
export type ConnectionEvent =
  | { readonly type: 'connect' | 'reconnect' | 'close' | 'offline' | 'online' | 'wake' | 'timer' }
  | { readonly type: 'trying'; readonly transport: TransportName }
  | { readonly type: 'ready'; readonly transport: TransportName; readonly userId: string; readonly connectionId: string }
  | { readonly type: 'latency'; readonly ms: number }
  | { readonly type: 'ended'; readonly end: End; readonly lived: number }
  /** The token provider had none, or only the one that was refused. */
  | { readonly type: 'no-token'; readonly reason: Problem }
  /** It has another one. */
  | { readonly type: 'token' }

/** What is to be done about it. */
export type Effect =
  /** Open a connection, from the beginning. */
  | { readonly type: 'open' }
  /** Close whatever is open, and stop what is opening. */
  | { readonly type: 'shut' }
  /** Send `timer` after so long. */
  | { readonly type: 'wait'; readonly ms: number }
  /** Look whether the connection is still there. */
  | { readonly type: 'check' }
  /** Ask for a token now and then, without the network, and send `token` when there is another one. */
  | { readonly type: 'watch-token' }

/** Time, chance and options. */
export interface MachineEnv {
  readonly now: number
  readonly random: () => number
  readonly online: boolean
  readonly maxAttempts: number
}

/** A connection that lived so long, in milliseconds, counts as one that worked. */
const longEnough = 10_000

/** At the beginning. */
export const idle: Machine = { state: { name: 'idle' }, attempt: 0 }

/** What a connection does next: the only place that says so. */
export function transition(machine: Machine, event: ConnectionEvent, env: MachineEnv): readonly [Machine, readonly Effect[]] {
  const { state, attempt } = machine
  const stay = [machine, []] as const
  const open = (tried: number, shut = false): readonly [Machine, readonly Effect[]] =>
    env.online
      ? [{ state: { name: 'connecting', attempt: tried }, attempt: tried }, shut ? [{ type: 'shut' }, { type: 'open' }] : [{ type: 'open' }]]
      : [{ state: { name: 'offline' }, attempt: 0 }, shut ? [{ type: 'shut' }] : []]
  const running = state.name === 'connecting' || state.name === 'connected'

  switch (event.type) {
    case 'connect':
      return running || state.name === 'waiting' || state.name === 'offline' ? stay : open(0)
    case 'reconnect':
      return state.name === 'idle' ? stay : open(0, true)
    case 'close':
      return [idle, [{ type: 'shut' }]]
    case 'offline':
      return running || state.name === 'waiting' ? [{ state: { name: 'offline' }, attempt: 0 }, [{ type: 'shut' }]] : stay
    case 'online':
    case 'wake':
      if (state.name === 'offline' || state.name === 'waiting') return open(0, true)
      if (state.name === 'needs-auth') return [machine, [{ type: 'watch-token' }]]
      if (state.name === 'stopped' && attempt > 0) return open(0) // it gave up, and things have changed
      return state.name === 'connected' ? [machine, [{ type: 'check' }]] : stay
    case 'timer':
      return state.name === 'waiting' ? open(attempt) : stay
    case 'trying':
      return state.name === 'connecting' ? [{ ...machine, state: { ...state, transport: event.transport } }, []] : stay
    case 'ready': {
      if (!running) return stay
      const { transport, userId, connectionId } = event
      const before = state.name === 'connected' ? state : undefined
      const latencyMs = before?.transport === transport ? before.latencyMs : null
      return [{ ...machine, state: { name: 'connected', transport, userId, connectionId, since: before?.since ?? env.now, latencyMs, leader: true } }, []]
    }
    case 'latency':
      return state.name === 'connected' ? [{ ...machine, state: { ...state, latencyMs: event.ms } }, []] : stay
    case 'no-token':
      return running ? [{ state: { name: 'needs-auth', reason: event.reason }, attempt }, [{ type: 'shut' }, { type: 'watch-token' }]] : stay
    case 'token':
      return state.name === 'needs-auth' ? open(0) : stay
    case 'ended':
      return running ? ended(attempt, event.end, event.lived, env) : stay
  }
}

function ended(attempt: number, end: End, lived: number, env: MachineEnv): readonly [Machine, readonly Effect[]] {
  const reason = end.problem
  switch (end.verdict) {
    case 'never':
      return [{ state: { name: 'stopped', reason }, attempt: 0 }, [{ type: 'shut' }]]
    case 'sign-in':
      return [{ state: { name: 'needs-auth', reason }, attempt: 0 }, [{ type: 'shut' }, { type: 'watch-token' }]]
  }
  const tried = lived >= longEnough ? 1 : attempt + 1
  if (tried > env.maxAttempts) {
    return [{ state: { name: 'stopped', reason: problem(reason.code, `gave up after ${env.maxAttempts} attempts: ${reason.message}`) }, attempt: tried }, [{ type: 'shut' }]]
  }
  const said = end.retryAfterMs === 0 && lived < 1000 ? undefined : end.retryAfterMs // of one that hardly lived, 0 is not believed
  const ms = said === 0 ? 0 : backoff(tried - 1, env.random, said)
  return [{ state: { name: 'waiting', attempt: tried, retryAt: env.now + ms, reason }, attempt: tried }, [{ type: 'shut' }, { type: 'wait', ms }]]
}
