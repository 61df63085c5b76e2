const time = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })

/** When something was, as short as it is clear: today's time, else the day. */
export function when(at: number, now = Date.now()): string {
  const then = new Date(at)
  const today = new Date(now)
  if (then.toDateString() === today.toDateString()) return time.format(then)
  return then.getFullYear() === today.getFullYear() ? day.format(then) : date.format(then)
}

/** A time to the second, for what is technical. */
export function clock(at: number): string {
  const then = new Date(at)
  return `${then.toTimeString().slice(0, 8)}.${String(then.getMilliseconds()).padStart(3, '0')}`
}
