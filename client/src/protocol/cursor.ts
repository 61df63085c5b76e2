function parts(cursor: string): [epoch: string, number: number] {
  const dash = cursor.lastIndexOf('-')
  return [cursor.slice(0, Math.max(dash, 0)), Number(cursor.slice(dash + 1))]
}

/** Whether two cursors are of the same log's life. */
export function sameEpoch(a: string, b: string): boolean {
  return parts(a)[0] === parts(b)[0]
}

/** Whether a cursor is later than the one that is kept (PROTOCOL.md, 1.1): of one epoch the larger, and any of another epoch. */
export function later(cursor: string, kept: string | null): boolean {
  if (kept === null) return true
  const [epoch, number] = parts(cursor)
  const [keptEpoch, keptNumber] = parts(kept)
  return epoch !== keptEpoch || number > keptNumber
}
