import { batched, byId, setText } from './dom.js';
import { mayWrite } from './notes.js';
import { readPane, writePane } from './settings.js';
import { createVersionRow } from './version-row.js';

/** While someone types, a version comes twice a second; the list follows in calmer steps. */
const FOLLOW_MS = 500;
const WIDE = '(min-width: 1200px)';

/** The versions of the open note. One of them can be looked at and restored. */
export class History {
  #api;
  #store;
  #me;
  #revert;
  /** @type {string | null} */
  #noteId = null;
  /** @type {Map<number, import('./version-row.js').VersionRow>} */
  #rows = new Map();
  /** @type {number | null} where the older ones go on */
  #older = null;
  /** @type {number | null} */
  #openVersion = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #following;
  #isOpen = readPane('history', matchMedia(WIDE).matches);

  /**
   * @param {import('./api.js').Api} api
   * @param {import('./store.js').NotesStore} store
   * @param {string} me
   * @param {(noteId: string, version: number) => void} revert
   */
  constructor(api, store, me, revert) {
    this.#api = api;
    this.#store = store;
    this.#me = me;
    this.#revert = revert;
    byId('history-toggle').addEventListener('click', () => this.#fold(!this.#isOpen));
    byId('history-close').addEventListener('click', () => this.#fold(false));
    byId('older-versions').addEventListener('click', () => this.#load(this.#older));
    const follow = batched(() => this.#follow());
    store.onChange(({ noteId }) => { if (noteId === this.#noteId) follow(); });
  }

  /** @param {string | null} noteId */
  show(noteId) {
    this.#noteId = noteId;
    this.#openVersion = null;
    this.#forgetRows();
    clearTimeout(this.#following);
    this.#following = undefined;
    this.#follow();
  }

  get #note() {
    return this.#store.note(this.#noteId);
  }

  /** 0 until the server has the note. */
  get #head() {
    return this.#note?.version ?? 0;
  }

  #fold(open) {
    this.#isOpen = open;
    writePane('history', open);
    this.#follow();
    byId(open ? 'history-close' : 'history-toggle').focus();
  }

  #forgetRows() {
    this.#rows.clear();
    this.#older = null;
    byId('versions').replaceChildren();
    byId('older-versions').hidden = true;
    this.#say('');
  }

  /** Shows or hides the pane, and loads what the note has beyond the known versions. */
  #follow() {
    const isShown = this.#isOpen && this.#head > 0;
    byId('history').hidden = !isShown;
    byId('history-toggle').setAttribute('aria-expanded', String(this.#isOpen));
    this.#updateRows();
    if (isShown && !this.#rows.has(this.#head)) this.#loadSoon();
  }

  /** The first versions come at once, later ones in steps; what comes during a step is followed after it. */
  #loadSoon() {
    this.#following ??= setTimeout(async () => {
      const head = this.#head;
      await this.#load();
      this.#following = undefined;
      if (this.#head !== head) this.#follow();
    }, this.#rows.size === 0 ? 0 : FOLLOW_MS);
  }

  /** @param {number | null} [before] */
  async #load(before = null) {
    const noteId = this.#noteId;
    if (noteId === null) return;
    try {
      const page = await this.#api.versions(noteId, before ?? undefined);
      if (noteId === this.#noteId) this.#take(page, before !== null);
    } catch (error) {
      if (noteId === this.#noteId) this.#say(`The versions cannot be shown: ${error.message}`);
    }
  }

  /** A newest page that does not reach the known rows would leave a gap: then the list begins anew. */
  #take({ versions, next }, isOlder) {
    const joins = isOlder || versions.some(({ version }) => this.#rows.has(version));
    if (!joins) this.#forgetRows();
    if (isOlder || !joins) this.#older = next;
    for (const version of versions) if (!this.#rows.has(version.version)) this.#addRow(version);
    byId('older-versions').hidden = this.#older === null;
    this.#say('');
    this.#updateRows();
  }

  #addRow(version) {
    const number = version.version;
    const row = createVersionRow(version, this.#me, {
      toggle: () => this.#toggle(number),
      restore: () => this.#revert(/** @type {string} */ (this.#noteId), number),
      load: (wanted) => this.#loadVersion(wanted),
    });
    const nextOlder = Math.max(...Array.from(this.#rows.keys()).filter((known) => known < number));
    byId('versions').insertBefore(row.item, this.#rows.get(nextOlder)?.item ?? null);
    this.#rows.set(number, row);
  }

  #updateRows() {
    const note = this.#note;
    const isMine = note !== null && mayWrite(note, this.#me);
    for (const [version, row] of this.#rows) {
      row.setOpen(version === this.#openVersion);
      row.setRestorable(isMine && version !== note.version);
    }
  }

  #toggle(version) {
    this.#openVersion = this.#openVersion === version ? null : version;
    this.#updateRows();
  }

  /** Old versions may be thinned out: their absence is an answer. */
  async #loadVersion(version) {
    try {
      return (await this.#api.version(/** @type {string} */ (this.#noteId), version)).note;
    } catch (error) {
      if (error.status === 404 || error.status === 410) return null;
      throw error;
    }
  }

  #say(words) {
    byId('versions-note').hidden = words === '';
    setText(byId('versions-note'), words);
  }
}
