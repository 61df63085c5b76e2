const NOTE_IN_HASH = /^#note=([A-Za-z0-9_-]{1,64})$/;

/** Which note is open is said by the address, so that back, forward, reload and links do what they promise. */
export class Route {
  /** @type {((noteId: string | null) => void)[]} */
  #listeners = [];

  constructor() {
    addEventListener('hashchange', () => this.#changed());
  }

  get noteId() {
    return NOTE_IN_HASH.exec(location.hash)?.[1] ?? null;
  }

  /** @param {(noteId: string | null) => void} listener */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  /** @param {string} noteId */
  open(noteId) {
    if (this.noteId === noteId) return;
    history.pushState(null, '', `#note=${noteId}`);
    this.#changed();
  }

  close() {
    if (this.noteId === null) return;
    history.pushState(null, '', location.pathname + location.search);
    this.#changed();
  }

  #changed() {
    for (const listener of this.#listeners) listener(this.noteId);
  }
}
