const address = /https?:\/\/[^\s<>"'`()[\]]+(?:\([^\s()]*\)[^\s<>"'`()[\]]*)*/g

/** The web address in a line that is over a place in it, without what only ends the sentence. */
export function addressAt(line: string, at: number): string | undefined {
  for (const match of line.matchAll(address)) {
    if (match.index <= at && at <= match.index + match[0].length) return match[0].replace(/[.,;:!?]+$/, '')
  }
  return undefined
}
