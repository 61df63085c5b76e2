import { byId, element } from './dom.js';
import { isOwner, mayWrite } from './notes.js';

/**
 * @typedef {import('./store.js').Note} Note
 *
 * @typedef {object} BannerActions
 * @property {(noteId: string) => void} tryAgain
 * @property {(noteId: string) => void} discard
 * @property {(note: Note) => void} restore
 *
 * @typedef {{kind: 'info' | 'error', words: string, buttons: HTMLButtonElement[]}} Content
 */

/** The line under the open note that says what is particular about it, and what can be done. */
export class Banner {
  #me;
  #actions;
  #place = byId('banner');
  #shown = '';

  /** @param {string} me @param {BannerActions} actions */
  constructor(me, actions) {
    this.#me = me;
    this.#actions = actions;
  }

  /** @param {Note} note @param {import('./save-queue.js').SaveState} state */
  show(note, state) {
    const content = this.#content(note, state);
    this.#place.hidden = content === null;
    const key = content ? `${note.id} ${content.words}` : '';
    if (key === this.#shown) return;
    this.#shown = key;
    if (content) this.#fill(content);
  }

  #fill({ kind, words, buttons }) {
    this.#place.dataset.kind = kind;
    this.#place.replaceChildren(element('p', {}, words), element('p', { class: 'banner-buttons' }, ...buttons));
  }

  /** @returns {Content | null} */
  #content(note, state) {
    if (state.kind === 'refused') return this.#refused(note, state.message);
    if (note.deleted) return this.#trashed(note);
    if (!mayWrite(note, this.#me)) return { kind: 'info', words: `This note is by ${note.userId}. You can read it, but not edit it.`, buttons: [] };
    return null;
  }

  /** @returns {Content} */
  #refused({ id }, message) {
    return {
      kind: 'error',
      words: `Your last change was not saved: ${message}`,
      buttons: [
        button('try-again', 'Try again', () => this.#actions.tryAgain(id)),
        button('discard', 'Discard it', () => this.#actions.discard(id)),
      ],
    };
  }

  /** @returns {Content} */
  #trashed(note) {
    const buttons = isOwner(note, this.#me) ? [button('restore', 'Restore', () => this.#actions.restore(note))] : [];
    return { kind: 'info', words: 'This note is in the trash.', buttons };
  }
}

function button(testId, label, run) {
  return element('button', { type: 'button', class: 'link', 'data-testid': testId, click: run }, label);
}
