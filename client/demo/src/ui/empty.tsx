import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon'

/** In place of what is not there: why, and what can be done. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  )
}
