import type { NewNote } from '../../../src/index'
import { onMac } from '../shell/use-shortcuts'

const asAnother = 'In the menu behind your initial (top right), choose **Open as bob in a new tab**.\nPut both windows side by side and type in both'
const withAnother = 'Press **Share** and add somebody, or open Notewire on another device.\nType on both'

/**
 * What somebody is offered who has no note yet.
 *
 * @param local whether one may be two
 */
export const welcome = (local: boolean): NewNote => ({
  title: 'Welcome to Notewire',
  tags: ['tour'],
  content: `What you write here is the same on every device, at once. Four things to try:

## 1. Two people, one note

${local ? asAnother : withAnother}, also at the same place:
you see each other's cursors, and nobody's words are lost.

## 2. Without a network

Where it says *WebSocket*, also top right, go offline. Keep writing.
The note says *Kept on this device*; when you go online again, it says *Saved*.

## 3. Back in time

Open the **versions** of this note: every change is there to look at, compare and restore.
Restoring is a change too, so nothing gets lost by it.

## 4. Tidy

- Star a note, tag it, drag it into a folder
- Search with \`${onMac ? '⌘ K' : 'Ctrl K'}\`
- Move this note to the trash when you are done: it waits there

日本語も、العربية أيضًا, emoji too 👩‍🚀
`,
})
