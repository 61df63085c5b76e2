import { changedRegion, withMark } from './diff.js';
import { element } from './dom.js';

/** Fields know only one kind of line end. @param {string | null} text */
export function asFieldText(text) {
  return (text ?? '').replace(/\r\n?/g, '\n');
}

/**
 * Brings a field to `text` by replacing only what differs: caret, selection and scroll position stay where they were.
 * @param {HTMLTextAreaElement} field
 * @param {string} text
 * @returns {{start: number, end: number} | null} what is new, null when nothing was to do
 */
export function rewrite(field, text) {
  const region = changedRegion(field.value, text);
  if (!region) return null;
  const { start, endBefore, endAfter } = region;
  field.setRangeText(text.slice(start, endAfter), start, endBefore, 'preserve');
  return { start, end: endAfter };
}

/**
 * Lights a part of a text area up for a moment, through a copy of its text that lies under it.
 * @param {HTMLTextAreaElement} area
 * @param {{start: number, end: number}} range
 */
export function flashRange(area, { start, end }) {
  const [from, to] = start === end ? [Math.max(0, start - 1), end + 1] : [start, end];
  const copy = element('div', { class: `${area.className} under-text`, 'aria-hidden': 'true' }, ...withMark(area.value, from, to), '\n');
  const follow = () => { copy.scrollTop = area.scrollTop; };
  const remove = () => {
    area.removeEventListener('scroll', follow);
    area.removeEventListener('input', remove);
    copy.remove();
  };
  stopFlash(area);
  area.before(copy);
  follow();
  area.addEventListener('scroll', follow);
  area.addEventListener('input', remove);
  copy.addEventListener('animationend', remove);
}

/** @param {HTMLTextAreaElement} area */
export function stopFlash(area) {
  area.parentElement?.querySelector('.under-text')?.remove();
}
