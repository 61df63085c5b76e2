import { isObject, parseJson } from './parse.js'

/**
 * Whose token it is: the `sub` of a JWT; undefined where it is none, or there is no token. Nothing is verified: the server
 * does that.
 */
export function subject(token: string | null): string | undefined {
  const payload = token?.split('.')[1]
  if (!payload) return undefined
  try {
    const claims = parseJson(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    return isObject(claims) && typeof claims.sub === 'string' ? claims.sub : undefined
  } catch {
    return undefined
  }
}
