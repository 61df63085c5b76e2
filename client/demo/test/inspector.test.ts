import { expect, test } from 'vitest'
import { frameOf, pretty } from '../src/inspector/frame'
import { eventsIn } from '../src/inspector/stream'

test('a frame is measured in bytes, and has the type that it says', () => {
  expect(frameOf(1, 'down', '{"type":"pong","x":"é"}')).toMatchObject({ type: 'pong', size: 24 })
  expect(frameOf(1, 'up', 'not JSON')).toMatchObject({ type: '(no type)', size: 8 })
})

test('what is no JSON is shown as it is', () => {
  expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}')
  expect(pretty('{"a":')).toBe('{"a":')
})

test('events of a stream, however it is cut', () => {
  const stream = ': hb\n\nid: 7\ndata: {"type":"pong"}\n\nretry: 100\ndata: a\ndata: b\n\n'
  for (let cut = 0; cut <= stream.length; cut++) {
    const read = eventsIn()
    expect([...read(stream.slice(0, cut)), ...read(stream.slice(cut))]).toEqual([{ comment: 'hb' }, { data: '{"type":"pong"}' }, { data: 'a\nb' }])
  }
})
