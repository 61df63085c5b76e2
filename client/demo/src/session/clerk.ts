import type { Session } from './session'

/** As much of Clerk's script as is used. */
interface Clerk {
  load(): Promise<void>
  readonly user?: { readonly id: string; readonly fullName: string | null } | null
  readonly session?: { getToken(): Promise<string | null> } | null
  mountSignIn(element: HTMLElement): void
  unmountSignIn(element: HTMLElement): void
  addListener(listener: () => void): () => void
  signOut(): Promise<void>
}

/** Where a publishable key's application is: the key says it, in base64. */
export function clerkOrigin(key: string): string {
  return `https://${atob(key.split('_')[2] ?? '').replace(/\$$/, '')}`
}

/** Loads Clerk's script from the application's own domain, as its documentation says. */
export async function loadClerk(key: string): Promise<Clerk> {
  const script = document.createElement('script')
  script.src = `${clerkOrigin(key)}/npm/@clerk/clerk-js@5/dist/clerk.browser.js`
  script.dataset.clerkPublishableKey = key
  script.crossOrigin = 'anonymous'
  await new Promise<void>((resolve, reject) => {
    script.onload = () => resolve()
    script.onerror = () => reject(new Error('Clerk’s script did not load'))
    document.head.append(script)
  })
  const { Clerk: clerk } = window as unknown as { Clerk: Clerk }
  await clerk.load()
  return clerk
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
    end: () => void clerk.signOut(),
  }
}
