import { Annotation } from '@codemirror/state'

/** Marks a transaction that came from the server: it is not sent back, and undo does not take it back. */
export const remote = Annotation.define<boolean>()
