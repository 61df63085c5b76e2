import type { NewNote } from '../../../src/index'

/** What somebody is offered who has no note yet. */
export const welcome: NewNote = {
  title: 'Welcome to Notewire',
  tags: ['tour'],
  content: `Everything here is the same everywhere, at once. Try it:

## 1. Two people, one note

Open this note as *bob* in a second tab: the link is below the list on the left.
Put both windows side by side and type in both, also at the same place.
You see each other's cursors, and nobody's words are lost.

## 2. Without a network

Open **Connection** (top right) and go offline. Keep writing.
The note says *Kept on this device*; when you go online again, it says *Saved*.

## 3. Back in time

Press **Versions**. Every change is there: look at it, compare it, restore it.
Restoring is a change too, so nothing gets lost by it.

## 4. Tidy

- Star a note, tag it, drag it into a folder
- Search with \`Ctrl K\`
- Delete this note when you are done: it waits in the trash

日本語も、العربية أيضًا, emoji too 👩‍🚀
`,
}
