import { Icon } from '../ui/icon'
import type { ReadOnly } from './access'

/** Why one cannot write, and what to do about it. */
export function ReadOnlyNotice({ locked, onRestore, onCopy }: { locked: ReadOnly; onRestore: () => void; onCopy: () => void }) {
  return (
    <div className="notice" role="status" data-testid="read-only">
      <Icon name="lock" />
      <p>{locked.why}</p>
      {locked.offer === 'restore' && <button type="button" className="button small" onClick={onRestore}>Take out of the trash</button>}
      {locked.offer === 'copy' && <button type="button" className="button small" onClick={onCopy}>Make a copy</button>}
    </div>
  )
}
