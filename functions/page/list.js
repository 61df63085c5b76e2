import { batched, byId, element, flash, icon, setIcon, setText } from './dom.js';
import { displayTitle, isMember, isOwner, snippet } from './notes.js';
import { setTime } from './time.js';

/** @typedef {import('./store.js').Note} Note */

/**
 * @typedef {object} Row
 * @property {HTMLLIElement} item
 * @property {(note: Note, isOpen: boolean) => void} update
 */

/** The list of notes, or of the trash. Rows are kept by note, so that focus and hover survive every change. */
export class NoteList {
  #store;
  #me;
  #actions;
  #showsTrash = false;
  /** @type {string | null} */
  #openId = null;
  /** @type {Set<string>} to be lit up by the next rendering */
  #changedElsewhere = new Set();
  /** @type {Map<string, Row>} */
  #rows = new Map();
  #list = byId('note-list');

  /**
   * @param {import('./store.js').NotesStore} store
   * @param {string} me
   * @param {{open: (noteId: string) => void, star: (note: Note) => void}} actions
   */
  constructor(store, me, actions) {
    this.#store = store;
    this.#me = me;
    this.#actions = actions;
    const render = batched(() => this.#render());
    store.onChange(({ noteId, by }) => {
      if (by && noteId) this.#changedElsewhere.add(noteId);
      render();
    });
    byId('show-notes').addEventListener('click', () => this.show({ trash: false }));
    byId('show-trash').addEventListener('click', () => this.show({ trash: true }));
    this.#list.addEventListener('keydown', (event) => this.#moveFocus(event));
    this.#render();
  }

  /** @param {{trash: boolean}} what */
  show({ trash }) {
    this.#showsTrash = trash;
    this.#render();
  }

  /** @param {string | null} noteId */
  markOpen(noteId) {
    this.#openId = noteId;
    this.#render();
  }

  #render() {
    const notes = this.#store.notes().filter((note) => isMember(note, this.#me));
    const shown = notes.filter((note) => note.deleted === this.#showsTrash);
    this.#renderSwitch(notes);
    this.#renderRows(shown);
    this.#renderEmpty(shown.length === 0);
    this.#flashChanged();
  }

  #renderSwitch(notes) {
    const trashed = notes.filter((note) => note.deleted).length;
    byId('show-notes').setAttribute('aria-pressed', String(!this.#showsTrash));
    byId('show-trash').setAttribute('aria-pressed', String(this.#showsTrash));
    setText(byId('notes-count'), countText(notes.length - trashed));
    setText(byId('trash-count'), countText(trashed));
  }

  #renderRows(notes) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const wanted = new Set(notes.map((note) => note.id));
    for (const [id, row] of this.#rows) if (!wanted.has(id)) this.#drop(id, row);
    notes.forEach((note, place) => {
      const row = this.#row(note);
      row.update(note, note.id === this.#openId);
      if (this.#list.children[place] !== row.item) this.#list.insertBefore(row.item, this.#list.children[place] ?? null);
    });
    if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
  }

  #renderEmpty(isEmpty) {
    const place = byId('list-empty');
    place.hidden = !isEmpty;
    if (isEmpty) place.replaceChildren(...this.#emptyWords().map((words) => element('p', {}, words)));
  }

  #emptyWords() {
    if (!this.#store.isLoaded) return ['Loading…'];
    if (this.#showsTrash) return ['The trash is empty.', 'Notes that you throw away wait here until you restore them.'];
    return ['No notes yet.', 'Press “New note” and start typing: everything is saved as you go.'];
  }

  #row(note) {
    const known = this.#rows.get(note.id);
    if (known) return known;
    const row = createRow(note.id, this.#me, {
      open: () => this.#actions.open(note.id),
      star: () => this.#actions.star(/** @type {Note} */ (this.#store.note(note.id))),
    });
    this.#rows.set(note.id, row);
    return row;
  }

  #drop(id, row) {
    row.item.remove();
    this.#rows.delete(id);
  }

  #flashChanged() {
    for (const id of this.#changedElsewhere) {
      const row = this.#rows.get(id);
      if (row) flash(row.item, 'flash');
    }
    this.#changedElsewhere.clear();
  }

  #moveFocus(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const rows = Array.from(this.#list.querySelectorAll('.note-open'));
    const here = rows.indexOf(event.target.closest('.note-item')?.querySelector('.note-open'));
    rows[here + step]?.focus();
    event.preventDefault();
  }
}

/** @returns {Row} */
function createRow(id, me, { open, star }) {
  const title = element('span', { class: 'note-title' });
  const text = element('span', { class: 'note-snippet' });
  const time = element('time');
  const marks = element('span', { class: 'note-marks' });
  const starIcon = icon('star');
  const starButton = element('button', { type: 'button', class: 'icon-button star', 'data-testid': 'star', click: star }, starIcon);
  const openButton = element('button', { type: 'button', class: 'note-open', click: open },
    title, text, element('span', { class: 'note-meta' }, time, marks));
  const item = element('li', { class: 'note-item', 'data-testid': 'note-item', 'data-note-id': id }, openButton, starButton);

  const update = (note, isOpen) => {
    setText(title, displayTitle(note));
    setText(text, snippet(note));
    setTime(time, note.updatedAt);
    setText(marks, sharingWords(note, me));
    setIcon(starIcon, note.starred ? 'star-filled' : 'star');
    starButton.setAttribute('aria-pressed', String(note.starred));
    starButton.setAttribute('aria-label', `Star ${displayTitle(note)}`);
    if (isOpen) openButton.setAttribute('aria-current', 'true');
    else openButton.removeAttribute('aria-current');
  };
  return { item, update };
}

function sharingWords(note, me) {
  const words = [];
  if (!isOwner(note, me)) words.push(`from ${note.userId}`);
  const others = Object.keys(note.roles ?? {}).length;
  if (isOwner(note, me) && others > 0) words.push(`shared with ${others}`);
  if (note.access === 'public') words.push('public');
  return words.join(' · ');
}

function countText(count) {
  return count === 0 ? '' : String(count);
}
