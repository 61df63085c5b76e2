import { byId, element, setText } from './dom.js';
import { displayTitle, isOwner } from './notes.js';
import { avatar, personName } from './person.js';

/** @typedef {import('./store.js').Note} Note */

/** Who may see the open note. Only the owner can change it; the others see it and can leave. */
export class ShareDialog {
  #api;
  #store;
  #me;
  /** @type {string | null} */
  #noteId = null;
  #dialog = byId('share-dialog');

  /**
   * @param {import('./api.js').Api} api
   * @param {import('./store.js').NotesStore} store
   * @param {string} me
   */
  constructor(api, store, me) {
    this.#api = api;
    this.#store = store;
    this.#me = me;
    store.onChange(({ noteId }) => { if (this.#dialog.open && noteId === this.#noteId) this.#render(); });
    this.#listen();
  }

  /** @param {Note} note */
  open(note) {
    this.#noteId = note.id;
    this.#say('');
    this.#render();
    this.#dialog.showModal();
  }

  #listen() {
    byId('share-close').addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('click', (event) => { if (event.target === this.#dialog) this.#dialog.close(); });
    byId('add-member').addEventListener('submit', (event) => this.#add(event));
    byId('public').addEventListener('change', (event) => this.#share({ access: event.target.checked ? 'public' : 'private' }));
    byId('public-address').addEventListener('focus', (event) => event.target.select());
    byId('copy-address').addEventListener('click', () => this.#copyAddress());
    byId('leave').addEventListener('click', () => this.#leave());
  }

  #render() {
    const note = this.#store.note(this.#noteId);
    if (!note) {
      this.#dialog.close();
      return;
    }
    const owns = isOwner(note, this.#me);
    setText(byId('share-heading'), `Share “${displayTitle(note)}”`);
    byId('members').replaceChildren(...this.#members(note, owns));
    byId('add-member').hidden = !owns;
    byId('public').checked = note.access === 'public';
    byId('public').disabled = !owns;
    byId('public-link').hidden = note.access !== 'public';
    byId('public-address').value = `${location.origin}/#note=${note.id}`;
    byId('leave').hidden = owns;
  }

  #members(note, owns) {
    const owner = this.#member(note.userId, element('span', { class: 'member-role' }, 'owner'));
    const others = Object.entries(note.roles ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    return [owner, ...others.map(([userId, role]) => this.#member(userId, ...this.#memberControls(userId, role, owns)))];
  }

  #member(userId, ...controls) {
    return element('li', { class: 'member', 'data-user': userId },
      avatar(userId), element('span', { class: 'member-name' }, personName(userId, this.#me)), ...controls);
  }

  #memberControls(userId, role, owns) {
    if (!owns) return [element('span', { class: 'member-role' }, roleWords(role))];
    const select = element('select', {
      'aria-label': `What ${userId} may do`,
      change: (event) => this.#share({ members: [{ userId, role: event.target.value }] }),
    }, ...['write', 'read'].map((value) => element('option', { value, selected: value === role }, roleWords(value))));
    const remove = element('button', { type: 'button', class: 'quiet', 'aria-label': `Remove ${userId}`, click: () => this.#share({ remove: [userId] }) }, 'Remove');
    return [select, remove];
  }

  async #add(event) {
    event.preventDefault();
    const field = byId('member-id');
    const done = await this.#share({ members: [{ userId: field.value.trim(), role: byId('member-role').value }] });
    if (done) field.value = '';
    field.focus();
  }

  #share(change) {
    return this.#ask((noteId) => this.#api.share(noteId, change));
  }

  async #leave() {
    const left = await this.#ask((noteId) => this.#api.leave(noteId));
    if (left) this.#dialog.close();
  }

  /** Errors are shown inside the dialog: it covers everything else. */
  async #ask(request) {
    this.#say('');
    try {
      this.#store.putAnswer(await request(/** @type {string} */ (this.#noteId)));
      return true;
    } catch (error) {
      this.#say(error.message);
      this.#render();
      return false;
    }
  }

  async #copyAddress() {
    byId('public-address').select();
    await navigator.clipboard?.writeText(byId('public-address').value);
    setText(byId('copy-address'), 'Copied');
    setTimeout(() => setText(byId('copy-address'), 'Copy'), 1_500);
  }

  #say(words) {
    byId('share-error').hidden = words === '';
    setText(byId('share-error'), words);
  }
}

function roleWords(role) {
  return role === 'write' ? 'can edit' : 'can read';
}
