import type { Presence } from '../../src/index.js'

/** A CSS color that is always the same for the same name, dark enough for white text: for cursors and avatars. */
export function colorOf(name: string): string {
  let hash = 0
  for (const c of name) hash = (hash * 31 + (c.codePointAt(0) ?? 0)) | 0
  return `oklch(0.52 0.13 ${Math.abs(hash) % 360})` // as dark at every hue, so that white can be read on it
}

/** What `PresenceAvatars` is told. */
export interface PresenceAvatarsProps {
  /** Whom: what `usePresence` gives. */
  others: readonly Presence[]
  /** How many are shown before "+n": 5 by default. */
  max?: number
  /** What to call somebody; by default his user id. */
  nameOf?: (presence: Presence) => string
}

/** Who else is in the note: each person once, however many tabs he has open. */
export function PresenceAvatars({ others, max = 5, nameOf = (p) => p.userId }: PresenceAvatarsProps) {
  const people = [...new Map(others.map((p) => [p.userId, p])).values()]
  if (people.length === 0) return null
  const names = people.map(nameOf)
  return (
    <ul className="nw-avatars" aria-label={`Also here: ${names.join(', ')}`}>
      {people.slice(0, max).map((p, i) => {
        const name = names[i] ?? p.userId
        return (
          <li key={p.userId} className="nw-avatar" style={{ backgroundColor: colorOf(p.userId) }} title={name}>
            <span aria-hidden="true">{[...name][0]?.toUpperCase()}</span>
          </li>
        )
      })}
      {people.length > max && <li className="nw-avatar nw-avatar-more">+{people.length - max}</li>}
    </ul>
  )
}
