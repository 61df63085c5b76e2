import { LOCAL_USER } from './settings.js';

/** A token is renewed this long before it ends, so that none ends on its way. */
const RENEW_BEFORE_MS = 60_000;

/** Who this tab acts as, and the token that proves it. */
export class Identity {
  /** @type {{token: string, expiresAt: number} | null} */
  #current = null;
  /** @type {Promise<{token: string, expiresAt: number}> | null} */
  #request = null;

  /** @param {string} userId */
  constructor(userId) {
    this.userId = userId;
  }

  /**
   * The token for the next request; none when acting as the laptop's own user.
   * @returns {Promise<string | undefined>}
   */
  async token() {
    if (this.userId === LOCAL_USER) return undefined;
    if (!this.#isFresh()) {
      this.#request ??= fetchToken(this.userId).finally(() => { this.#request = null; });
      this.#current = await this.#request;
    }
    return this.#current?.token;
  }

  /** After a refusal: the next request gets a new token. */
  forget() {
    this.#current = null;
  }

  #isFresh() {
    return this.#current !== null && this.#current.expiresAt - RENEW_BEFORE_MS > Date.now();
  }
}

/** @param {string} user @returns {Promise<{token: string, expiresAt: number}>} */
export async function fetchToken(user) {
  const response = await fetch(`/dev/token?user=${encodeURIComponent(user)}`, { cache: 'no-store' });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error?.message ?? `No token for ${user} (status ${response.status})`);
  return answer;
}
