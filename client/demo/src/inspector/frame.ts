/** Something that went over the wire, or happened to it. */
export interface Frame {
  readonly n: number
  readonly at: number
  readonly direction: 'down' | 'up' | 'event'
  /** The frame's `type`; of an event, what happened. */
  readonly type: string
  /** As it was on the wire. */
  readonly text: string
  /** In bytes of UTF-8. */
  readonly size: number
}

const encoder = new TextEncoder()

/** Makes a frame of what was on the wire. */
export function frameOf(n: number, direction: 'down' | 'up', text: string): Frame {
  return { n, at: Date.now(), direction, type: typeOf(text), text, size: encoder.encode(text).length }
}

/** Something that happened to the connection. */
export function eventOf(n: number, type: string, text = ''): Frame {
  return { n, at: Date.now(), direction: 'event', type, text, size: 0 }
}

function typeOf(text: string): string {
  const value = parse(text)
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' ? value.type : '(no type)'
}

/** Indented, if it is JSON. */
export function pretty(text: string): string {
  const value = parse(text)
  return value === undefined ? text : JSON.stringify(value, null, 2)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
