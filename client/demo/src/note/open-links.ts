import { EditorView } from '@codemirror/view'
import { onMac } from '../shell/use-shortcuts'
import { addressAt } from './address'

/** Ctrl, or Cmd on a Mac, and a click open a link in a new tab; a click alone puts the caret there. */
export const openLinks = EditorView.domEventHandlers({
  mousedown(event, view) {
    if (event.button !== 0 || !(onMac ? event.metaKey : event.ctrlKey)) return false
    const at = view.posAtCoords({ x: event.clientX, y: event.clientY })
    if (at === null) return false
    const line = view.state.doc.lineAt(at)
    const url = addressAt(line.text, at - line.from)
    if (url === undefined) return false
    event.preventDefault()
    window.open(url, '_blank', 'noopener')
    return true
  },
})
