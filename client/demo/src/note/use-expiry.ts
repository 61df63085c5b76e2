import { useEffect, useState } from 'react'

/** setTimeout takes no more, in milliseconds. */
const longest = 2 ** 31 - 1

/** The time, again when a note expires: no event says so. */
export function useExpiry(expiresAt: number | null): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const left = expiresAt === null ? 0 : expiresAt - Date.now()
    if (left <= 0 || left > longest) return
    const timer = setTimeout(() => setNow(Date.now()), left)
    return () => clearTimeout(timer)
  }, [expiresAt])
  return now
}
