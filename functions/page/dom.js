/** Small helpers over the DOM. Words go in as text nodes, never as markup. */

const SVG = 'http://www.w3.org/2000/svg';
const SPRITE = '/page/icons.svg';

/** @param {string} id @returns {any} the element, which the page must have */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`no element #${id}`);
  return node;
}

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes] functions listen to events, booleans switch the attribute
 * @param {...(Node | string)} children
 * @returns {any}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (typeof value === 'boolean') node.toggleAttribute(name, value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** @param {string} name of a symbol in icons.svg */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS(SVG, 'use'));
  setIcon(svg, name);
  return svg;
}

/** @param {Element} svg @param {string} name */
export function setIcon(svg, name) {
  svg.firstElementChild?.setAttribute('href', `${SPRITE}#${name}`);
}

/** Sets text only when it differs: an untouched node keeps selections and wakes no screen reader. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Starts an animation class again, even while it is running. @param {HTMLElement} node @param {string} name */
export function flash(node, name) {
  node.classList.remove(name);
  void node.offsetWidth;
  node.classList.add(name);
  node.addEventListener('animationend', () => node.classList.remove(name), { once: true });
}

/**
 * Runs `work` once for many calls in a burst. A timer rather than an animation frame, which a hidden tab never gets.
 * @param {() => void} work
 */
export function batched(work) {
  const FRAME_MS = 16;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      work();
    }, FRAME_MS);
  };
}
