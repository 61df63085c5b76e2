import { useEffect, useState } from 'react'
import { useClient, useConnection } from '../../../react/index'

/** Whether it is known that there is nothing: the device was read, and the server had a moment to say what it has. */
export function useSettled(): boolean {
  const client = useClient()
  const state = useConnection().name
  const [settled, setSettled] = useState(false)
  useEffect(() => {
    if (state === 'connecting' || state === 'idle') return
    let current = true
    let timer: ReturnType<typeof setTimeout> | undefined
    void client.ready.then(() => {
      if (current) timer = setTimeout(() => setSettled(true), 500)
    })
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [client, state])
  return settled
}
