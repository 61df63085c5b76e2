import { colorOf } from '../../../react/components/presence-avatars'

/** A person, as a letter on a color that is always the same. */
export function Avatar({ user }: { user: string }) {
  return (
    <span className="avatar" style={{ backgroundColor: colorOf(user) }} aria-hidden="true">
      {[...user][0]?.toUpperCase()}
    </span>
  )
}
