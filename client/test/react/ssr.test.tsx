import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { NotewireProvider, useNotes, WebSocketStatus, WebSocketStatusCompact } from '../../react/index.js'

test('a server renders what there is before anything is connected', () => {
  const Page = () => {
    const { notes, webSocket } = useNotes()
    return <><WebSocketStatus {...webSocket} /><WebSocketStatusCompact {...webSocket} />{notes.length} notes</>
  }
  const html = renderToString(<NotewireProvider options={{ url: 'http://localhost:3000' }}><Page /></NotewireProvider>)
  expect(html).toContain('Disconnected')
  expect(html).toContain(' notes')
})
