import type { ReactNode } from 'react'
import { Dialog } from './dialog'

export interface ConfirmProps {
  title: string
  /** What happens then. */
  children: ReactNode
  /** What the button does, as a verb. */
  verb: string
  onConfirm: () => void
  onClose: () => void
}

/** Asks before something that cannot be taken back. The safe answer has the focus. */
export function Confirm({ title, children, verb, onConfirm, onClose }: ConfirmProps) {
  const confirm = () => {
    onConfirm()
    onClose()
  }
  const actions = (
    <>
      <button type="button" className="button" data-focus onClick={onClose}>Cancel</button>
      <button type="button" className="button danger" onClick={confirm}>{verb}</button>
    </>
  )
  return (
    <Dialog title={title} onClose={onClose} actions={actions}>
      <p className="prose">{children}</p>
    </Dialog>
  )
}
