// CodeMirror in step with a note: edit(client, noteId, element) returns what ends it.
import { Annotation, Transaction } from '@codemirror/state'
import { EditorView, type ViewUpdate } from '@codemirror/view'
import type { Client, TextChange } from 'notewire'

const remote = Annotation.define<boolean>()

export function edit(client: Client, noteId: string, parent: HTMLElement): () => void {
  const session = client.text(noteId)
  const typed = ({ transactions }: ViewUpdate) => {
    for (const transaction of transactions) {
      if (!transaction.docChanged || transaction.annotation(remote)) continue
      const changes: TextChange[] = []
      transaction.changes.iterChanges((from, to, _from, _to, text) => changes.push({ from, to, insert: text.toString() }))
      session.localChange(changes)
    }
  }
  const view = new EditorView({ parent, doc: session.value, extensions: [EditorView.updateListener.of(typed)] })
  // What others write is nothing that undo takes back.
  const end = session.onRemote(changes => view.dispatch({ changes: [...changes], annotations: [remote.of(true), Transaction.addToHistory.of(false)] }))
  return () => {
    end()
    session.close()
    view.destroy()
  }
}
