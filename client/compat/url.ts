/**
 * Where Typelets' web client looks for the server, as an http or https URL: `VITE_WEBSOCKET_URL`; in development,
 * or without a page, `http://localhost:3000`; else the page's host. Throws as `httpOf` does.
 */
export function serverUrl(env: Environment = environment(), page: string | undefined = pageOrigin()): string {
  const set = env.VITE_WEBSOCKET_URL
  if (set) return httpOf(set)
  if (env.DEV || page === undefined) return 'http://localhost:3000'
  return page
}

/** What Vite puts into `import.meta.env`. */
export interface Environment {
  /** The server: `ws:`, `wss:`, `http:` or `https:`. */
  readonly VITE_WEBSOCKET_URL?: string
  /** Whether Vite serves the page for development. */
  readonly DEV?: boolean
}

/** The http or https URL of a server whose WebSocket has this URL; a path `/ws` is left out. Throws where it is no such URL. */
export function httpOf(url: string): string {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    throw new Error(`VITE_WEBSOCKET_URL is ${JSON.stringify(url)}; it must be an address, such as ws://localhost:3000`)
  }
  const scheme = { 'ws:': 'http:', 'wss:': 'https:', 'http:': 'http:', 'https:': 'https:' }[parsed.protocol]
  if (!scheme) throw new Error(`VITE_WEBSOCKET_URL is ${JSON.stringify(url)}; it must begin with ws: or wss:`)
  return `${scheme}//${parsed.host}${parsed.pathname.replace(/\/(ws\/?)?$/, '')}`
}

function environment(): Environment {
  return (import.meta as ImportMeta & { env?: Environment }).env ?? {}
}

function pageOrigin(): string | undefined {
  const { location } = globalThis as { location?: { origin?: string } }
  return location?.origin?.startsWith('http') ? location.origin : undefined
}
