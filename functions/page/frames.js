/** What went over the wire lately, for the inspector. */

const MOST_FRAMES = 500;
/** Of a longer body the beginning is kept: 500 notes of a megabyte would be too much. */
const MOST_CHARACTERS = 20_000;
const SECRETS = new Set(['token', 'sessionSecret']);

/**
 * @typedef {object} Frame
 * @property {number} id
 * @property {number} time
 * @property {'in' | 'out'} direction
 * @property {string} transport
 * @property {string} type
 * @property {string} summary
 * @property {string} json without secrets; empty when there was no body
 */

export class FrameLog {
  /** @type {Frame[]} the oldest first */
  frames = [];
  /** @type {((frame: Frame) => void)[]} */
  #listeners = [];
  #lastId = 0;

  /** @param {string} transport @param {string} type @param {unknown} [body] */
  sent(transport, type, body) {
    this.#add('out', transport, type, body);
  }

  /** @param {string} transport @param {string} type @param {unknown} [body] */
  received(transport, type, body) {
    this.#add('in', transport, type, body);
  }

  clear() {
    this.frames = [];
  }

  /** @param {(frame: Frame) => void} listener */
  onFrame(listener) {
    this.#listeners.push(listener);
  }

  #add(direction, transport, type, body) {
    const id = ++this.#lastId;
    const frame = { id, time: Date.now(), direction, transport, type, summary: summaryOf(body), json: jsonOf(body) };
    this.frames.push(frame);
    if (this.frames.length > MOST_FRAMES) this.frames.shift();
    for (const listener of this.#listeners) listener(frame);
  }
}

/** Frames are shown, and what is shown gets pasted into bug reports. */
function jsonOf(body) {
  const json = JSON.stringify(body, (name, value) => (SECRETS.has(name) ? '(hidden)' : value)) ?? '';
  return json.length > MOST_CHARACTERS ? `${json.slice(0, MOST_CHARACTERS)}… (${json.length} characters)` : json;
}

/** @param {any} body */
function summaryOf(body) {
  const { cursor, version, noteId, id, fromUserId, error } = body ?? {};
  return [
    error?.message,
    fromUserId && `from ${fromUserId}`,
    version && `v${version}`,
    cursor && `cursor ${cursor}`,
    noteId ?? id,
  ].filter(Boolean).join('  ');
}
