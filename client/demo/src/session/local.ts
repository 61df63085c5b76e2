import { forgetUser } from './names'
import type { Session } from './session'

/** How long before its end a token counts as over, in milliseconds: more than the minute before it in which the server asks for another. */
const margin = 90_000

/** Whether the server is in local mode, where anybody may be anybody. */
export async function isLocalMode(): Promise<boolean> {
  const answer = await fetch('/dev/token', { cache: 'no-store' })
  if (answer.status >= 500) throw new Error(`HTTP ${answer.status}`)
  return answer.ok
}

/** A user of a server in local mode. */
export function localSession(user: string): Session {
  let kept: { token: string; expiresAt: number } | undefined
  return {
    user,
    name: user,
    local: true,
    async token() {
      if (!kept || kept.expiresAt - margin < Date.now()) {
        const answer = await fetch(`/dev/token?user=${encodeURIComponent(user)}`, { cache: 'no-store' })
        if (!answer.ok) throw new Error(`no token: HTTP ${answer.status}`)
        kept = (await answer.json()) as typeof kept
      }
      return kept?.token ?? null
    },
    refused: () => {
      kept = undefined
    },
    end: forgetUser,
  }
}
