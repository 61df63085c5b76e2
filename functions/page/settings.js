/**
 * The choices of this tab. The address wins over what the tab remembers, so that two tabs can differ
 * and a link can say how it wants to be opened.
 */

/** The laptop's own user, who needs no token. */
export const LOCAL_USER = 'local';

/** @typedef {'ws' | 'sse'} TransportName */

/** @type {Record<TransportName, string>} */
export const TRANSPORT_LABELS = { ws: 'WebSocket', sse: 'SSE' };

const VALID = {
  user: /^[A-Za-z0-9_-]{1,64}$/,
  transport: /^(ws|sse)$/,
};

const DEFAULTS = { user: LOCAL_USER, transport: 'ws' };

/** @typedef {keyof typeof DEFAULTS} Setting */

const storageKey = (name) => `notewire.${name}`;

/** @param {Setting} name @param {string} value */
export function isValid(name, value) {
  return VALID[name].test(value);
}

/**
 * Reads a choice, and remembers it: the address may be gone after the next click.
 * @param {Setting} name
 * @returns {any}
 */
export function readSetting(name) {
  const fromAddress = new URLSearchParams(location.search).get(name);
  const candidates = [fromAddress, sessionStorage.getItem(storageKey(name))];
  const value = candidates.find((candidate) => candidate !== null && isValid(name, candidate)) ?? DEFAULTS[name];
  sessionStorage.setItem(storageKey(name), value);
  return value;
}

/** @param {Setting} name @param {string} value */
export function writeSetting(name, value) {
  sessionStorage.setItem(storageKey(name), value);
  const address = new URL(location.href);
  if (!address.searchParams.has(name)) return;
  address.searchParams.set(name, value);
  history.replaceState(history.state, '', address);
}

/**
 * The address of another tab with the same choices; a new tab does not inherit what this one remembers.
 * @param {{user: string, transport: TransportName}} choices
 */
export function tabAddress(choices) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(choices)) {
    if (value !== DEFAULTS[name]) query.set(name, value);
  }
  return `/${query.size ? `?${query}` : ''}${location.hash}`;
}

/** Whether a pane was left open in this tab. @param {string} name @param {boolean} byDefault */
export function readPane(name, byDefault) {
  const stored = sessionStorage.getItem(storageKey(`pane.${name}`));
  return stored === null ? byDefault : stored === 'open';
}

/** @param {string} name @param {boolean} open */
export function writePane(name, open) {
  sessionStorage.setItem(storageKey(`pane.${name}`), open ? 'open' : 'folded');
}
