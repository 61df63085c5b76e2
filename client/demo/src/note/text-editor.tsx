import { Compartment, EditorState, Transaction, type ChangeSet } from '@codemirror/state'
import { EditorView, placeholder, type ViewUpdate } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import type { Presence, TextChange, TextSession } from '../../../src/index'
import { useClient } from '../../../react/index'
import { extensions, locked } from './editor-extensions'
import { rated } from './rated'
import { remote } from './remote'
import { showOthers, type Cursor } from './remote-cursors'

export interface TextEditorProps {
  noteId: string
  readOnly: boolean
  others: readonly Presence[]
  /** Where one's own cursor is, at most about once a second; null: the editor does not have the focus. */
  onCursor: (cursor: Cursor | null) => void
}

/** An editor in step with a note: what others write comes in beside one's own typing, and undo takes back only one's own. */
export function TextEditor({ noteId, readOnly, others, onCursor }: TextEditorProps) {
  const client = useClient()
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const lock = useRef(new Compartment())

  useEffect(() => {
    if (!place.current) return
    const session = client.text(noteId)
    const cursor = rated(onCursor)
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: session.value,
        extensions: [extensions(), lock.current.of([]), EditorView.updateListener.of(update => heard(update, session, cursor.tell))],
      }),
    })
    view.current = editor
    const end = session.onRemote(changes => {
      editor.dispatch({ changes: [...changes], annotations: [remote.of(true), Transaction.addToHistory.of(false)] })
    })
    return () => {
      end()
      cursor.end()
      session.close()
      editor.destroy()
      view.current = null
    }
  }, [client, noteId, onCursor])

  useEffect(() => {
    view.current?.dispatch({ effects: lock.current.reconfigure(readOnly ? locked : placeholder('Write…')) })
  }, [readOnly, noteId])

  useEffect(() => {
    view.current?.dispatch({ effects: showOthers.of(others) })
  }, [others, noteId])

  return <div ref={place} className="editor" />
}


function heard(update: ViewUpdate, session: TextSession, tell: (cursor: Cursor | null, typing: boolean) => void): void {
  for (const transaction of update.transactions) {
    if (transaction.docChanged && !transaction.annotation(remote)) session.localChange(changesOf(transaction.changes)).done.catch(() => {}) // a refusal is in the outbox
  }
  if (update.docChanged || update.selectionSet || update.focusChanged) {
    const { anchor, head } = update.state.selection.main
    tell(update.view.hasFocus ? { anchor, head, length: update.state.doc.length } : null, update.docChanged)
  }
}

function changesOf(changes: ChangeSet): readonly TextChange[] {
  const list: TextChange[] = []
  changes.iterChanges((from, to, _fromAfter, _toAfter, inserted) => list.push({ from, to, insert: inserted.sliceString(0, undefined, '\n') }))
  return list
}
