import { element } from './dom.js';

/** A round initial whose colour belongs to the user id. @param {string} userId */
export function avatar(userId) {
  const node = element('span', { class: 'avatar', 'aria-hidden': 'true' }, userId.slice(0, 1).toUpperCase());
  node.style.setProperty('--hue', String(hue(userId)));
  return node;
}

/** @param {string} userId @param {string} me */
export function personName(userId, me) {
  return userId === me ? 'you' : userId;
}

/** Neighbouring names get distant hues: the golden angle. */
function hue(userId) {
  let sum = 0;
  for (const character of userId) sum = (sum * 31 + character.charCodeAt(0)) % 997;
  return Math.round(sum * 137.508) % 360;
}
