const tabKey = 'notewire user'
const recentKey = 'notewire recent users'

/** What a server in local mode takes for a user. */
export function isUserName(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(name)
}

/** The user of this tab: who was signed in, or whom `?as=` names, which is then taken out of the address. */
export function tabUser(): string | null {
  const url = new URL(location.href)
  const named = url.searchParams.get('as')
  if (named !== null && isUserName(named)) {
    rememberUser(named)
    url.searchParams.delete('as')
    history.replaceState(history.state, '', url)
  }
  return sessionStorage.getItem(tabKey)
}

/** Remembers who is signed in in this tab, and in this browser that he was. */
export function rememberUser(name: string): void {
  sessionStorage.setItem(tabKey, name)
  localStorage.setItem(recentKey, JSON.stringify([name, ...recentUsers().filter(each => each !== name)].slice(0, 6)))
}

/** Nobody is signed in in this tab. */
export function forgetUser(): void {
  sessionStorage.removeItem(tabKey)
}

/** Who was signed in in this browser, newest first. */
export function recentUsers(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(recentKey) ?? '[]')
    return Array.isArray(stored) ? stored.filter((name): name is string => typeof name === 'string' && isUserName(name)) : []
  } catch {
    return []
  }
}
