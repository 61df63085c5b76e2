import type { Session } from '../session/session'

/** A request of one's own, without the client. Rejects with what the server says. */
export async function api(session: Session, method: string, path: string, body?: unknown): Promise<unknown> {
  const token = await session.token()
  const answer = await fetch(path, {
    method,
    headers: { ...(token === null ? {} : { Authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`HTTP ${answer.status} ${text}`)
  return text === '' ? null : (JSON.parse(text) as unknown)
}
