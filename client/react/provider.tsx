import { createContext, useContext, useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { createClient } from '../src/index.js'
import type { Client, ClientOptions } from '../src/index.js'
import { defaultClient } from './default-client.js'
import { hold } from './hold.js'

const ClientContext = createContext<Client | null>(null)

/**
 * What `NotewireProvider` is given: the `children` that use the client, and either a `client`, which its owner connects and closes,
 * or `options` to make one of. `options` are read once: another account needs another provider, by a `key`. With neither, the
 * options are the defaults.
 */
export type NotewireProviderProps = { children?: ReactNode } & (
  | { client: Client; options?: undefined }
  | {
      client?: undefined
      options?: ClientOptions
    }
)

/**
 * Gives the hooks below it their client. One made from options connects while the provider is mounted; unmounting closes it,
 * and what is not sent yet is kept on the device.
 */
export function NotewireProvider({ client: given, options, children }: NotewireProviderProps) {
  const [made] = useState(() => given ?? createClient(options))
  const client = given ?? made
  const owned = given === undefined
  useEffect(() => (owned ? hold(client) : undefined), [client, owned])
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>
}

/** The client of the nearest provider, or else the page's (`defaultClient`). */
export function useClient(): Client {
  return useContext(ClientContext) ?? defaultClient()
}

/** Connects when it is mounted, unless there is a provider: that, or who gave it its client, decides when to connect. */
export function useAutoConnect(client: Client, wanted = true): void {
  const provided = useContext(ClientContext) !== null
  useEffect(() => {
    if (!provided && wanted) client.connect()
  }, [client, provided, wanted])
}
