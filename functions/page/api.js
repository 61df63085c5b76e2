import { newMutationId } from './ids.js';

/** After this the answer is taken as lost; repeating a mutation by its id is safe. */
const TIMEOUT_MS = 20_000;
/** A body of fewer characters is sent even if the page goes away: browsers let 64 KiB outlive it. */
export const OUTLIVING_CHARACTERS = 15_000;
const PAGE_SIZE = 50;
const VERSIONS_PAGE_SIZE = 30;

/** A request that was refused, or that got no answer (status 0). The message is for people. */
class ApiError extends Error {
  /**
   * @param {string} message
   * @param {{status: number, code?: string, retryAfterMs?: number}} details
   */
  constructor(message, { status, code, retryAfterMs }) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the same request may succeed later: nothing is wrong with the request itself. */
  get isTransient() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** The HTTP half of the wire. Every method answers the decoded JSON or throws an ApiError. */
export class Api {
  #identity;
  #log;

  /**
   * @param {import('./identity.js').Identity} identity
   * @param {import('./frames.js').FrameLog} log
   */
  constructor(identity, log) {
    this.#identity = identity;
    this.#log = log;
  }

  /** @param {{deleted: boolean, after?: string}} page */
  listNotes({ deleted, after }) {
    return this.#get('/api/notes', { limit: PAGE_SIZE, deleted, after });
  }

  /** @param {string} id */
  note(id) {
    return this.#get(notePath(id));
  }

  /** @param {string} id @param {number} [before] */
  versions(id, before) {
    return this.#get(`${notePath(id)}/versions`, { limit: VERSIONS_PAGE_SIZE, before });
  }

  /** @param {string} id @param {number} version */
  version(id, version) {
    return this.#get(`${notePath(id)}/versions/${version}`);
  }

  /** @param {{id: string, mutationId: string, title: string, content: string}} body */
  createNote(body) {
    return this.#request('POST', '/api/notes', body);
  }

  /**
   * @param {string} id
   * @param {{mutationId: string, changes: {title?: string, content?: string}}} body
   */
  editNote(id, body) {
    return this.#request('POST', notePath(id), body);
  }

  /** @param {string} id @param {{starred?: boolean}} fields */
  organise(id, fields) {
    return this.#mutate(id, 'organise', { fields });
  }

  /** @param {string} id @param {number} version */
  revert(id, version) {
    return this.#mutate(id, 'revert', { version });
  }

  /** @param {string} id */
  trash(id) {
    return this.#mutate(id, 'trash');
  }

  /** @param {string} id */
  restore(id) {
    return this.#mutate(id, 'restore');
  }

  /** @param {string} id */
  leave(id) {
    return this.#mutate(id, 'leave');
  }

  /**
   * @param {string} id
   * @param {{access?: 'private' | 'public', members?: {userId: string, role: 'read' | 'write'}[], remove?: string[]}} change
   */
  share(id, change) {
    return this.#mutate(id, 'share', change);
  }

  #mutate(id, operation, body = {}) {
    return this.#request('POST', `${notePath(id)}/${operation}`, { mutationId: newMutationId(), ...body });
  }

  #get(path, parameters = {}) {
    const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
    const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
    return this.#request('GET', query.size ? `${path}?${query}` : path);
  }

  /** A refused token is replaced once; a second refusal is the answer. */
  async #request(method, path, body) {
    try {
      return await this.#send(method, path, body);
    } catch (error) {
      if (error.status !== 401) throw error;
      this.#identity.forget();
      return this.#send(method, path, body);
    }
  }

  async #send(method, path, body) {
    const token = await this.#token();
    const json = body && JSON.stringify(body);
    this.#log.sent('HTTP', `${method} ${path}`, body);
    const response = await fetch(path, {
      method,
      keepalive: json?.length < OUTLIVING_CHARACTERS,
      headers: headersFor(token, body),
      body: json,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      cache: 'no-store',
    }).catch((error) => { throw unreachable(error); });
    return this.#decode(response, `${method} ${path}`);
  }

  async #token() {
    try {
      return await this.#identity.token();
    } catch (error) {
      throw new ApiError(error.message, { status: 0, code: 'no_token' });
    }
  }

  async #decode(response, request) {
    const text = await response.text().catch((error) => { throw unreachable(error); });
    const answer = parse(text);
    this.#log.received('HTTP', `${response.status} ${request}`, answer ?? text);
    if (!response.ok) throw refusal(response.status, answer);
    return answer ?? {};
  }
}

/** @param {string} id */
function notePath(id) {
  return `/api/notes/${encodeURIComponent(id)}`;
}

function headersFor(token, body) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  return headers;
}

function unreachable(cause) {
  const message = cause.name === 'TimeoutError' ? 'The server did not answer in time' : 'The server cannot be reached';
  return new ApiError(message, { status: 0, code: 'unreachable' });
}

function refusal(status, answer) {
  const { code, message, retryAfterMs } = answer?.error ?? {};
  return new ApiError(message ?? `The server answered with status ${status}`, { status, code, retryAfterMs });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
