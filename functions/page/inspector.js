import { batched, byId, element, setText } from './dom.js';
import { readPane, writePane } from './settings.js';

/** @typedef {import('./frames.js').Frame} Frame */

const timeFormat = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3,
});

/** What goes over the wire, frame by frame, the latest at the bottom. */
export class Inspector {
  #log;
  #isOpen = readPane('inspector', false);
  /** @type {Frame[] | null} what is shown while paused */
  #frozen = null;
  /** @type {Map<number, HTMLElement>} */
  #rows = new Map();
  #body = byId('inspector-body');
  #filter = byId('frame-filter');
  #renderSoon = batched(() => this.#render());

  /** @param {import('./frames.js').FrameLog} log */
  constructor(log) {
    this.#log = log;
    log.onFrame(this.#renderSoon);
    byId('inspector-toggle').addEventListener('click', () => this.#fold(!this.#isOpen));
    byId('frames-pause').addEventListener('click', () => this.#pause());
    byId('frames-clear').addEventListener('click', () => this.#clear());
    this.#filter.addEventListener('input', this.#renderSoon);
    this.#fold(this.#isOpen);
  }

  #fold(open) {
    this.#isOpen = open;
    writePane('inspector', open);
    byId('inspector-toggle').setAttribute('aria-expanded', String(open));
    this.#body.hidden = byId('inspector-controls').hidden = !open;
    this.#render();
    this.#body.scrollTop = this.#body.scrollHeight;
  }

  #pause() {
    this.#frozen = this.#frozen ? null : [...this.#log.frames];
    const isPaused = this.#frozen !== null;
    byId('frames-pause').setAttribute('aria-pressed', String(isPaused));
    setText(byId('frames-pause'), isPaused ? 'Resume' : 'Pause');
    this.#render();
  }

  #clear() {
    this.#log.clear();
    if (this.#frozen) this.#frozen = [];
    this.#render();
  }

  #render() {
    const { frames } = this.#log;
    setText(byId('frame-count'), String(frames.length));
    setText(byId('last-frame'), this.#isOpen ? '' : lastWords(frames.at(-1)));
    if (this.#isOpen) this.#renderRows(this.#frozen ?? frames);
  }

  #renderRows(frames) {
    const followsEnd = this.#body.scrollHeight - this.#body.scrollTop - this.#body.clientHeight < 8;
    const wanted = this.#filter.value.trim().toLowerCase();
    const shown = wanted ? frames.filter((frame) => matches(frame, wanted)) : frames;
    this.#dropRowsExcept(new Set(shown.map((frame) => frame.id)));
    this.#placeRows(shown);
    byId('frames-empty').hidden = shown.length > 0;
    if (followsEnd) this.#body.scrollTop = this.#body.scrollHeight;
  }

  #dropRowsExcept(ids) {
    for (const [id, row] of this.#rows) {
      if (ids.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
  }

  #placeRows(shown) {
    const list = byId('frame-rows');
    shown.forEach((frame, place) => {
      const row = this.#rows.get(frame.id) ?? createRow(frame);
      this.#rows.set(frame.id, row);
      if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
    });
  }
}

/** @param {Frame} frame @returns {HTMLDetailsElement} */
function createRow(frame) {
  const json = element('pre', { tabindex: '0' });
  const row = element('details', {
    class: 'frame', 'data-testid': 'frame-row', 'data-direction': frame.direction, 'data-type': frame.type,
  },
  element('summary', {},
    element('time', {}, timeFormat.format(frame.time)),
    element('span', { class: 'frame-direction', title: directionWords(frame) }, frame.direction === 'in' ? '↓' : '↑'),
    element('span', { class: 'frame-transport' }, frame.transport),
    element('span', { class: 'frame-type' }, frame.type),
    element('span', { class: 'frame-summary' }, frame.summary)),
  json);
  row.addEventListener('toggle', () => setText(json, pretty(frame.json)));
  return row;
}

function directionWords({ direction }) {
  return direction === 'in' ? 'received' : 'sent';
}

/** @param {Frame} frame @param {string} wanted in lower case */
function matches({ transport, type, json }, wanted) {
  return `${transport} ${type} ${json}`.toLowerCase().includes(wanted);
}

/** A body that was cut is no JSON any more, and is shown as it is. @param {string} json */
function pretty(json) {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json || 'No body';
  }
}

/** @param {Frame | undefined} frame */
function lastWords(frame) {
  return frame ? `${frame.direction === 'in' ? '↓' : '↑'} ${frame.transport} ${frame.type}` : '';
}
