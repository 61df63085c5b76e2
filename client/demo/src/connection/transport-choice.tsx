import { useState } from 'react'
import type { TransportName } from '../../../src/index'
import { useClient, useConnection } from '../../../react/index'
import { transportName, transports } from './words'

let chosen: TransportName | 'auto' = 'auto' // the panel may be closed in between

/** Lets one transport be used alone. Switching loses nothing, and nothing comes twice. */
export function TransportChoice() {
  const client = useClient()
  const state = useConnection()
  const [choice, setChoice] = useState(chosen)
  const choose = (transport: TransportName | 'auto') => {
    chosen = transport
    setChoice(transport)
    client.useTransport(transport)
  }
  const inUse = state.name === 'connected' ? state.transport : undefined
  return (
    <fieldset className="panel-section choices">
      <legend>Transport</legend>
      {(['auto', ...transports] as const).map(each => (
        <label key={each} className="choice">
          <input type="radio" name="transport" value={each} data-testid={`transport-${each}`} checked={choice === each} onChange={() => choose(each)} />
          <span className="grow">{each === 'auto' ? 'Automatic' : transportName(each)}</span>
          {each === inUse && <span className="pill good">in use</span>}
        </label>
      ))}
    </fieldset>
  )
}
