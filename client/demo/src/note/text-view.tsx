import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { diff } from '../../../src/index'
import { extensions, locked } from './editor-extensions'

/** A text that is only looked at, of a note that is not among one's own. It changes where it changed, so that one's place stays. */
export function TextView({ content }: { content: string }) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  useEffect(() => {
    if (!place.current) return
    const editor = (view.current = new EditorView({ parent: place.current, state: EditorState.create({ extensions: [extensions(), locked] }) }))
    return () => {
      editor.destroy()
      view.current = null
    }
  }, [])
  useEffect(() => {
    const editor = view.current
    editor?.dispatch({ changes: [...diff(editor.state.sliceDoc(), content)] })
  }, [content])
  return <div ref={place} className="editor" />
}
