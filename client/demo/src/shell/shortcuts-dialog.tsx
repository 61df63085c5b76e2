import { Dialog } from '../ui/dialog'
import { onMac } from './use-shortcuts'

const mod = onMac ? '⌘' : 'Ctrl'
const alt = onMac ? '⌃' : 'Alt'

const rows: readonly (readonly [keys: readonly string[], does: string])[] = [
  [[mod, 'K'], 'Search'],
  [[mod, alt, 'N'], 'New note'],
  [[mod, alt, 'H'], 'Version history'],
  [[mod, alt, 'S'], 'Share'],
  [['↑', '↓'], 'Move in lists and menus'],
  [['Enter'], 'Open the note, and write'],
  [['Esc'], 'Close what is open; back to the list'],
  [[mod, 'Z'], 'Undo your own edits'],
  [[mod, 'F'], 'Find in the note, while you write in it'],
  [[mod, 'click'], 'Open a link'],
  [[mod, '/'], 'This list'],
]

/** The keys. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="keys">
        {rows.map(([keys, does]) => (
          <div key={does}>
            <dt>{does}</dt>
            <dd>{keys.map(key => <kbd key={key}>{key}</kbd>)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
