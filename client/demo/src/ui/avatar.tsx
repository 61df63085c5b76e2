import { colorOf } from '../../../react/components/presence-avatars'

/** A person, as the first letter of a name, on a color that is always the same. */
export function Avatar({ user, name = user }: { user: string; name?: string }) {
  return (
    <span className="avatar" style={{ backgroundColor: colorOf(user) }} aria-hidden="true">
      {[...name][0]?.toUpperCase()}
    </span>
  )
}
