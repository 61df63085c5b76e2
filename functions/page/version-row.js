import { changedRegion, withMark } from './diff.js';
import { element } from './dom.js';
import { avatar, personName } from './person.js';
import { timeElement } from './time.js';

/**
 * A row of the history; passers-by are not told the author.
 * @typedef {{version: number, op: string, author?: string, timestamp: number, changed?: string[], revertedFrom?: number}} Version
 *
 * @typedef {object} RowActions
 * @property {() => void} toggle
 * @property {() => void} restore
 * @property {(version: number) => Promise<import('./store.js').Note | null>} load the note as it was; null when it is not kept
 *
 * @typedef {object} VersionRow
 * @property {HTMLLIElement} item
 * @property {(isOpen: boolean) => void} setOpen
 * @property {(mayRestore: boolean) => void} setRestorable
 */

const FIELD_WORDS = { content: 'text', blob: 'data' };

const OP_WORDS = {
  create: 'Created',
  trash: 'Moved to the trash',
  restore: 'Taken out of the trash',
  share: 'Changed sharing',
  leave: 'Left the note',
};

/**
 * One version: a line that opens a preview.
 * @param {Version} version
 * @param {string} me
 * @param {RowActions} actions
 * @returns {VersionRow}
 */
export function createVersionRow(version, me, actions) {
  const text = element('div', { class: 'version-text', tabindex: '0' }, 'Loading…');
  const restore = element('button', { type: 'button', class: 'primary', 'data-testid': 'restore-version', click: actions.restore },
    'Restore this version');
  const preview = element('div', { class: 'version-preview', 'data-testid': 'version-preview', hidden: true }, text, restore);
  const opener = createOpener(version, me, actions.toggle);
  const item = element('li', { class: 'version' }, opener, preview);
  let isFilled = false;

  const setOpen = (isOpen) => {
    opener.setAttribute('aria-expanded', String(isOpen));
    preview.hidden = !isOpen;
    if (!isOpen || isFilled) return;
    isFilled = true;
    fill(text, version.version, actions.load).catch((error) => {
      isFilled = false;
      text.replaceChildren(`This version cannot be shown: ${error.message}`);
    });
  };
  const setRestorable = (mayRestore) => { restore.hidden = !mayRestore; };
  return { item, setOpen, setRestorable };
}

function createOpener(version, me, toggle) {
  return element('button', {
    type: 'button', class: 'version-open', 'data-testid': 'version-item', 'data-version': version.version,
    'aria-expanded': 'false', click: toggle,
  },
  avatar(version.author ?? '?'),
  element('span', { class: 'version-words' },
    element('span', { class: 'version-op' }, opWords(version)),
    element('span', { class: 'version-meta' }, `${version.author ? personName(version.author, me) : 'someone'}, `, timeElement(version.timestamp))),
  element('span', { class: 'version-number' }, `v${version.version}`));
}

/** @param {Version} version */
function opWords({ op, changed, revertedFrom }) {
  if (op === 'revert') return revertedFrom ? `Back to v${revertedFrom}` : 'Went back';
  if (op === 'edit') return `Edited ${changed?.map((name) => FIELD_WORDS[name] ?? name).join(' and ') ?? ''}`;
  return OP_WORDS[op] ?? op;
}

/** Marks what this version wrote, where the version before it can be had. */
async function fill(place, version, load) {
  const [note, before] = await Promise.all([load(version), version > 1 ? load(version - 1).catch(() => null) : null]);
  if (!note) {
    place.replaceChildren('This version is not kept any more.');
    return;
  }
  const title = element('p', { class: 'version-title' }, note.title?.trim() || 'Untitled');
  place.replaceChildren(title, element('p', {}, ...markedText(note.content ?? '', before?.content)));
}

function markedText(content, before) {
  if (content === '') return [element('i', {}, 'No text')];
  const region = before === undefined ? null : changedRegion(before ?? '', content);
  return region ? withMark(content, region.start, region.endAfter) : [content];
}
