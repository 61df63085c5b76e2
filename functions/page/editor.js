import { Banner } from './banner.js';
import { byId, element, flash, icon, setText } from './dom.js';
import { displayTitle, isMember, isOwner, mayWrite } from './notes.js';
import { announce } from './notices.js';
import { asFieldText, flashRange, rewrite, stopFlash } from './text-field.js';

/** @typedef {import('./store.js').Note} Note */

/**
 * @typedef {object} EditorActions
 * @property {() => void} back
 * @property {(note: Note) => void} share
 * @property {(note: Note) => void} trash
 * @property {(note: Note) => void} restore
 */

/** The open note. What is typed goes to the outbox; what the store has is shown, in place. */
export class Editor {
  #store;
  #outbox;
  #me;
  #actions;
  /** @type {string | null} */
  #noteId = null;
  /** @type {string | null} which note the fields hold */
  #shownId = null;
  #isComposing = false;
  #banner;
  #title = byId('title');
  #content = byId('content');

  /**
   * @param {import('./store.js').NotesStore} store
   * @param {import('./outbox.js').Outbox} outbox
   * @param {string} me
   * @param {EditorActions} actions
   */
  constructor(store, outbox, me, actions) {
    this.#store = store;
    this.#outbox = outbox;
    this.#me = me;
    this.#actions = actions;
    this.#banner = new Banner(me, {
      tryAgain: (noteId) => outbox.flush(noteId),
      discard: (noteId) => outbox.discard(noteId),
      restore: actions.restore,
    });
    store.onChange(({ noteId, by }) => { if (noteId === null || noteId === this.#noteId) this.#render(by); });
    outbox.onState((noteId, state) => { if (noteId === this.#noteId) this.#saveStateChanged(state); });
    this.#listenToFields();
    this.#listenToButtons();
  }

  /** @param {string | null} noteId */
  open(noteId) {
    if (this.#noteId) this.#outbox.flush(this.#noteId);
    this.#noteId = noteId;
    this.#render();
  }

  focusTitle() {
    this.#title.focus();
  }

  #listenToFields() {
    const listen = (name, field) => {
      field.addEventListener('input', () => this.#typed({ [name]: field.value }));
      field.addEventListener('compositionstart', () => { this.#isComposing = true; });
      field.addEventListener('compositionend', () => { this.#isComposing = false; this.#render(); });
    };
    this.#title.addEventListener('input', () => rewrite(this.#title, this.#title.value.replace(/\s*\n\s*/g, ' ')));
    listen('title', this.#title);
    listen('content', this.#content);
    this.#title.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing) return;
      event.preventDefault();
      this.#content.focus();
    });
  }

  #listenToButtons() {
    const onNote = (id, action) => byId(id).addEventListener('click', () => {
      const note = this.#note();
      if (note) action(note);
    });
    byId('back').addEventListener('click', this.#actions.back);
    onNote('share', this.#actions.share);
    onNote('trash', this.#actions.trash);
  }

  #typed(changes) {
    if (this.#noteId) this.#outbox.edit(this.#noteId, changes);
  }

  #note() {
    return this.#store.note(this.#noteId);
  }

  /** @param {string | null} [by] who changed it elsewhere */
  #render(by = null) {
    const note = this.#note();
    byId('editor-note').hidden = !note;
    byId('editor-empty').hidden = Boolean(note);
    if (note) this.#renderNote(note, by);
    else this.#renderEmpty();
  }

  #renderNote(note, by) {
    if (this.#shownId === note.id) this.#updateFields(note, by);
    else this.#fillFields(note);
    document.title = `${displayTitle(note)} · Notewire`;
    this.#title.readOnly = this.#content.readOnly = !this.#canType(note);
    byId('share').hidden = !isMember(note, this.#me);
    byId('trash').hidden = note.deleted || !isOwner(note, this.#me);
    this.#renderSaveState();
  }

  #canType(note) {
    return mayWrite(note, this.#me) && !note.deleted;
  }

  #fillFields(note) {
    this.#shownId = note.id;
    this.#title.value = asFieldText(note.title);
    this.#content.value = asFieldText(note.content);
    this.#content.scrollTop = 0;
    stopFlash(this.#title);
    stopFlash(this.#content);
    setText(byId('changed-by'), '');
  }

  /** A text under composition is left alone: the input method owns it until it is done. */
  #updateFields(note, by) {
    if (this.#isComposing) return;
    const titleChange = rewrite(this.#title, asFieldText(note.title));
    const contentChange = rewrite(this.#content, asFieldText(note.content));
    if (titleChange) flashRange(this.#title, titleChange);
    if (contentChange) flashRange(this.#content, contentChange);
    if (by && (titleChange || contentChange)) this.#sayWhoChangedIt(by);
  }

  #sayWhoChangedIt(by) {
    const place = byId('changed-by');
    setText(place, by === this.#me ? 'Changed in another tab' : `Changed by ${by}`);
    flash(place, 'shown');
  }

  #renderEmpty() {
    this.#shownId = null;
    document.title = 'Notewire';
    byId('editor-empty').replaceChildren(icon('note'), ...this.#emptyWords().map((words) => element('p', {}, words)));
  }

  #emptyWords() {
    if (this.#noteId && !this.#store.isLoaded) return ['Loading…'];
    if (this.#noteId) return ['This note is not here.', 'It may be private, or gone for good.'];
    return ['Pick a note, or write a new one.', 'Then open a second tab beside this one, and type in both.'];
  }

  #saveStateChanged(state) {
    if (state.kind === 'retrying') announce('Not saved yet: retrying');
    this.#renderSaveState();
  }

  #renderSaveState() {
    const note = this.#note();
    if (!note) return;
    const state = this.#outbox.state(note.id);
    this.#banner.show(note, state);
    const status = byId('save-status');
    status.dataset.kind = state.kind;
    status.title = 'message' in state ? state.message : '';
    setText(status, this.#canType(note) || state.kind !== 'saved' ? saveWords(state, note.version) : `Version ${note.version}`);
  }
}

/** @param {import('./save-queue.js').SaveState} state @param {number} version */
function saveWords(state, version) {
  switch (state.kind) {
    case 'saving': return 'Saving…';
    case 'retrying': return 'Not saved yet: retrying';
    case 'refused': return 'Not saved';
    case 'saved': return `Saved, version ${version}`;
  }
}
