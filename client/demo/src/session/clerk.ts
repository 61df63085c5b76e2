import type { Session } from './session'

/** As much of Clerk's script as is used. */
export interface Clerk {
  load(): Promise<void>
  readonly user?: { readonly id: string; readonly fullName: string | null } | null
  readonly session?: { getToken(): Promise<string | null> } | null
  mountSignIn(element: HTMLElement): void
  unmountSignIn(element: HTMLElement): void
  addListener(listener: () => void): () => void
  signOut(): Promise<void>
}

/** The key of Clerk's application, as the server knows it; empty: it does not sign people in with Clerk, or does not know. */
export function clerkKey(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="clerk-publishable-key"]')?.content ?? ''
}

/** How long Clerk's script may take to come, and then to begin, in milliseconds. */
const patience = 15_000

/** Where a publishable key's application is: the key says it, in base64. Throws if it is not such a key. */
export function clerkOrigin(key: string): string {
  const [, host] = /^pk_(?:test|live)_([A-Za-z0-9+/=_-]+)$/.exec(key) ?? []
  const name = host && decode(host).replace(/\$$/, '')
  if (!name || !/^[a-z0-9.-]+(:\d+)?$/i.test(name)) throw new Error('CLERK_PUBLISHABLE_KEY is not a publishable key of Clerk (pk_test_… or pk_live_…).')
  return `https://${name}`
}

function decode(base64: string): string {
  try {
    return atob(base64.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return ''
  }
}

let loaded: Promise<Clerk> | undefined

/** Loads Clerk's script from the application's own domain, as its documentation says: once. After a failure it can be tried again. */
export function loadClerk(key: string): Promise<Clerk> {
  loaded ??= load(key).catch((error: unknown) => {
    loaded = undefined
    throw error
  })
  return loaded
}

async function load(key: string): Promise<Clerk> {
  const host = new URL(clerkOrigin(key)).host
  await inTime(script(key), `${host}, where Clerk’s script is, does not answer.`)
  const { Clerk: clerk } = window as unknown as { Clerk?: Clerk }
  if (!clerk) throw new Error(`What ${host} sent is not Clerk’s script.`)
  await inTime(clerk.load(), `Clerk’s script cannot reach ${host}.`)
  return clerk
}

function script(key: string): Promise<void> {
  const element = document.createElement('script')
  element.src = `${clerkOrigin(key)}/npm/@clerk/clerk-js@5/dist/clerk.browser.js`
  element.dataset.clerkPublishableKey = key
  element.crossOrigin = 'anonymous'
  return new Promise((resolve, reject) => {
    element.onload = () => resolve()
    element.onerror = () => {
      element.remove()
      reject(new Error(`Clerk’s script could not be loaded from ${new URL(element.src).host}.`))
    }
    document.head.append(element)
  })
}

/** Rejects with the reason if something takes too long. */
function inTime<T>(promise: Promise<T>, why: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(why)), patience)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** Who is signed in with Clerk; undefined if nobody is. */
export function clerkSession(clerk: Clerk): Session | undefined {
  const { user } = clerk
  if (!user) return undefined
  return {
    user: user.id,
    name: user.fullName ?? user.id,
    local: false,
    token: () => clerk.session?.getToken() ?? null,
    refused: () => {},
    end: () => signOut(clerk),
  }
}

/** The server is told too: else the token would be good for another minute. If it cannot be told, the token ends by itself. */
async function signOut(clerk: Clerk): Promise<void> {
  await Promise.race([tellServer(clerk).catch(() => {}), new Promise(resolve => setTimeout(resolve, 2000))])
  await clerk.signOut()
}

async function tellServer(clerk: Clerk): Promise<void> {
  const token = await clerk.session?.getToken()
  if (token) await fetch('/api/signout', { method: 'POST', headers: { Authorization: `Bearer ${token}` } })
}
