import { expect, test } from 'vitest'
import { Session, type TextEnv } from '../../src/text/session.js'
import { applyChanges } from '../../src/text/diff.js'

test('what another puts on a line below does not come between what one has typed and types', () => {
  let beneath = 'Start:\n'
  let draft: { id: string; mutation: { op: 'edit'; changes: { content: string } } } | undefined
  let look = () => {}
  const session = new Session({
    beneath: () => beneath, draft: () => draft as never,
    redraft: (_, content) => void (draft = { id: 'd', mutation: { op: 'edit', changes: { content } } }),
    edit: content => { draft = { id: 'd', mutation: { op: 'edit', changes: { content } } }; return {} as never },
    flush: async () => {}, subscribe: listener => { look = listener; return () => {} },
  } satisfies TextEnv)
  let editor = session.value
  session.onRemote(changes => (editor = applyChanges(editor, changes)))
  const type = (text: string) => { const c = [{ from: editor.length, to: editor.length, insert: text }]; editor = applyChanges(editor, c); session.localChange(c) }
  type('a0 ')
  beneath = 'Start:\na0 '; draft = undefined; look() // acknowledged
  type('a1')
  beneath = 'Start:\na0 \nb0'; look() // the server put the other's line below
  expect(editor).toBe('Start:\na0 a1\nb0')
})
