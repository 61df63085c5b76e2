import { byId, element, icon } from './dom.js';

const SHOWN_MS = 7_000;
const ANNOUNCED_MS = 3_000;
const MOST_AT_ONCE = 3;

/** Says something to those who listen rather than look. @param {string} words */
export function announce(words) {
  const line = element('p', {}, words);
  byId('announcer').append(line);
  setTimeout(() => line.remove(), ANNOUNCED_MS);
}

/** @param {Error} error */
export function showError(error) {
  show(error.message, 'error');
}

/**
 * @param {string} words
 * @param {{label: string, run: () => void}} [action]
 */
export function showNotice(words, action) {
  show(words, 'info', action);
}

function show(words, kind, action) {
  const stack = byId('notices');
  const notice = element('div', { class: `notice ${kind}`, role: kind === 'error' ? 'alert' : 'status' },
    element('p', {}, words));
  const close = () => notice.remove();
  if (action) notice.append(element('button', { class: 'link', click: () => { close(); action.run(); } }, action.label));
  notice.append(element('button', { class: 'icon-button', 'aria-label': 'Dismiss', click: close }, icon('close')));
  while (stack.children.length >= MOST_AT_ONCE) stack.firstElementChild.remove();
  stack.append(notice);
  setTimeout(close, SHOWN_MS);
}
