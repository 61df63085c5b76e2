import type { Saved } from '../../../src/index'
import { Icon } from '../ui/icon'

const looks = {
  saved: { icon: 'check', text: 'Saved' },
  saving: { icon: 'check', text: 'Saving…' },
  offline: { icon: 'device', text: 'Kept on this device' },
  refused: { icon: 'alert', text: 'Not accepted' },
} as const

/** Where a note's edits are. In a list, what is saved is not worth a mark. */
export function SavedMark({ saved, compact = false }: { saved: Saved; compact?: boolean }) {
  const { icon, text } = looks[saved]
  if (compact && (saved === 'saved' || saved === 'saving')) return null
  return (
    <span className="saved" data-saved={saved} title={text} data-testid={compact ? undefined : 'save-status'}>
      <Icon name={icon} />
      <span className={compact ? 'sr-only' : undefined}>{text}</span>
    </span>
  )
}
