// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { useNotes } from '../../react/index.js'
import { Stage } from './stage.js'

test('typing into a controlled field shows at once, so that the caret stays where it is', async () => {
  const stage = new Stage()
  await stage.connected()
  await stage.note({ content: 'ac' })
  const shown: string[] = []
  const Field = () => {
    const { notes, updateNote } = useNotes()
    const [note] = notes
    if (!note) return null
    shown.push(note.content)
    return <textarea aria-label="Note" value={note.content} onChange={event => {
      void updateNote(note.id, { content: event.target.value })
      queueMicrotask(() => shown.push('(after the event)'))
    }} />
  }
  stage.render(<Field />)
  await stage.pass(1000)
  shown.length = 0
  const field = screen.getByRole('textbox') as HTMLTextAreaElement
  fireEvent.change(field, { target: { value: 'abc' } })
  expect(field.value).toBe('abc')
  await stage.pass(2000)
  expect(shown.indexOf('abc')).toBeGreaterThanOrEqual(0)
  expect(shown.indexOf('abc')).toBeLessThan(shown.indexOf('(after the event)'))
})
