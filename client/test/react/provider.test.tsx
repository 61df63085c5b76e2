// @vitest-environment happy-dom
import { act, cleanup, render } from '@testing-library/react'
import { StrictMode } from 'react'
import { expect, test } from 'vitest'
import { NotewireProvider, useClient, useConnection, useNote, useNotes, useNoteWebSocket } from '../../react/index.js'
import { hold } from '../../react/hold.js'
import type { Client } from '../../src/index.js'
import { World } from '../sim/world.js'
import { probe, Stage } from './stage.js'

/** Options for a client that a provider makes, in a simulated world. */
function optionsIn(world: World) {
  const device = world.device()
  const options = {
    url: 'http://server', clock: world.clock, network: device.network.adapter(() => false), storage: device.storage,
    token: () => 'ada', account: () => 'ada',
  }
  return { device, options }
}

test('a provider with options connects once while it is mounted, and closes once', async () => {
  const world = new World()
  const { device, options } = optionsIn(world)
  let client: Client | undefined
  const states: string[] = []
  const See = () => {
    client = useClient()
    states.push(useConnection().name)
    return null
  }
  const page = render(<StrictMode><NotewireProvider options={options}><See /></NotewireProvider></StrictMode>)
  await act(() => world.clock.pass(5000))
  expect(client?.connection.get().name).toBe('connected')
  expect(device.network.requests.filter(each => each === 'ws auth')).toHaveLength(1)
  const shown = states.filter((name, i) => name !== states[i - 1]) // React 18 may leave out what did not last
  expect(shown.filter(name => name !== 'connecting')).toEqual(['idle', 'connected'])
  page.unmount()
  await act(() => world.clock.pass(5000))
  expect(client?.connection.get().name).toBe('idle')
  expect(world.server.streams.size).toBe(0)
})

test('a client that is given is left to its owner', async () => {
  const stage = new Stage()
  await stage.connected()
  const page = stage.render(<p />)
  page.unmount()
  await stage.pass(1000)
  expect(stage.client.connection.get().name).toBe('connected')
})

test('a client that is given and offline stays offline, whatever hook is used', async () => {
  const stage = new Stage()
  await stage.connected()
  const noteId = await stage.note()
  stage.client.goOffline()
  await stage.pass(1000)
  const { Probe, last } = probe(() => [useNotes().webSocket.status, useNoteWebSocket({ noteId }).note?.id])
  stage.render(<Probe />)
  await stage.pass(5000)
  expect(last()).toEqual(['disconnected', noteId])
})

test('a client that is let go and held again at once is not closed; with the last holder it is', async () => {
  const stage = new Stage()
  await stage.connected()
  const first = hold(stage.client)
  first()
  const second = hold(stage.client)
  const third = hold(stage.client)
  await stage.pass(5000)
  second()
  await stage.pass(5000)
  expect(stage.client.connection.get().name).toBe('connected')
  expect(stage.count('ws auth')).toBe(1)
  third()
  await stage.pass(5000)
  expect(stage.client.connection.get().name).toBe('idle')
})

test('a part of a page that goes does not close the client for the others', async () => {
  const world = new World()
  const { options } = optionsIn(world)
  let client: Client | undefined
  const Take = () => {
    client = useClient()
    return null
  }
  const Page = ({ both }: { both: boolean }) => <StrictMode><NotewireProvider options={options}><Take />{both && <Take />}</NotewireProvider></StrictMode>
  const page = render(<Page both />)
  await act(() => world.clock.pass(2000))
  page.rerender(<Page both={false} />)
  await act(() => world.clock.pass(2000))
  expect(client?.connection.get().name).toBe('connected')
  cleanup()
})

test('a hook renders again when what it reads changed, and not otherwise', async () => {
  const stage = new Stage()
  await stage.connected()
  const [one, two] = [await stage.note({ content: 'one' }), await stage.note({ content: 'two' })]
  const { Probe, answers, last } = probe(() => useNote(one))
  stage.render(<Probe />)
  await stage.pass(1000)
  const before = answers.length
  stage.client.editNote(two, { content: 'other' })
  await stage.pass(3000)
  expect(answers.length).toBe(before)
  stage.client.editNote(one, { content: 'changed' })
  await stage.pass(3000)
  expect(answers.length).toBeGreaterThan(before)
  expect(last()).toMatchObject({ content: 'changed', saved: 'saved' })
})
