import type { Cursor } from './remote-cursors'

/** How often a cursor is told, in milliseconds: it is a frame each time, and a socket may send 300 a minute. */
const interval = 1000

/** After typing: behind the edit, which is gathered before it leaves. */
const behindEdit = 400

/** Tells of a cursor now and then, and always of the last place. */
export function rated(onCursor: (cursor: Cursor | null) => void): { tell(cursor: Cursor | null, typing: boolean): void; end(): void } {
  let last = 0
  let latest: Cursor | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const now = () => {
    timer = undefined
    last = Date.now()
    onCursor(latest)
  }
  return {
    tell(cursor, typing) {
      latest = cursor
      timer ??= setTimeout(now, Math.max(last + interval - Date.now(), typing ? behindEdit : 0))
    },
    end: () => clearTimeout(timer),
  }
}
