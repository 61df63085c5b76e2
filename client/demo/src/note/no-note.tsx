import { useClient, useReadable } from '../../../react/index'
import { useSettled } from '../list/use-settled'
import { Empty } from '../ui/empty'
import { Icon } from '../ui/icon'

/** Where a note is going to be: how to get one, or, for who never had one, what it will be able to do. */
export function NoNote({ onNew }: { onNew: () => void }) {
  const client = useClient()
  const none = useReadable(client.notes).length === 0
  const settled = useSettled()
  if (none) return settled && <Promises />
  return (
    <Empty icon="notes" title="No note is open">
      <p>Choose one from the list, or begin a new one.</p>
      <button type="button" className="button" onClick={onNew}>New note</button>
    </Empty>
  )
}

const promises = [
  ['people', 'Write together', 'Share a note, and see each other’s cursors and every keystroke.'],
  ['device', 'Write anywhere', 'Without a network you go on. Your edits wait on the device, and merge.'],
  ['history', 'Lose nothing', 'Every change is a version: look at it, compare it, take it back.'],
] as const

function Promises() {
  return (
    <ul className="promises">
      {promises.map(([icon, title, text]) => (
        <li key={title}>
          <span className="promise-icon"><Icon name={icon} /></span>
          <h2>{title}</h2>
          <p>{text}</p>
        </li>
      ))}
    </ul>
  )
}
