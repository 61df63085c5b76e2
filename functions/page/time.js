import { element, setText } from './dom.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const REFRESH_MS = 20_000;

const dayFormat = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const yearFormat = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
const fullFormat = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'medium' });

/** @param {number} ms */
function relativeTime(ms) {
  const now = Date.now();
  const age = now - ms;
  if (age < MINUTE) return 'just now';
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
  if (age < 2 * DAY) return 'yesterday';
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? dayFormat : yearFormat).format(ms);
}

/** A `<time>` that `keepTimesFresh` keeps true. @param {number} ms */
export function timeElement(ms) {
  const node = element('time');
  setTime(node, ms);
  return node;
}

/** @param {HTMLTimeElement} node @param {number} ms */
export function setTime(node, ms) {
  node.dataset.ms = String(ms);
  node.dateTime = new Date(ms).toISOString();
  node.title = fullFormat.format(ms);
  setText(node, relativeTime(ms));
}

export function keepTimesFresh() {
  setInterval(() => {
    for (const node of document.querySelectorAll('time[data-ms]')) {
      setText(node, relativeTime(Number(/** @type {HTMLElement} */ (node).dataset.ms)));
    }
  }, REFRESH_MS);
}
