import { RangeSetBuilder, type Extension } from '@codemirror/state'
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from '@codemirror/view'

const auto = Decoration.line({ attributes: { dir: 'auto' } })

/** Each line runs as its first letter does: to the left in Arabic and Hebrew, to the right beside them. Only of what is drawn. */
export const lineDirection: Extension = [
  EditorView.perLineTextDirection.of(true),
  ViewPlugin.define(
    view => ({
      lines: linesOf(view),
      update(update: ViewUpdate) {
        if (update.docChanged || update.viewportChanged) this.lines = linesOf(update.view)
      },
    }),
    { decorations: plugin => plugin.lines },
  ),
]

function linesOf(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at)
      builder.add(line.from, line.from, auto)
      at = line.to + 1
    }
  }
  return builder.finish()
}
