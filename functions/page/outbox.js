import { newId } from './ids.js';
import { blankNote } from './notes.js';
import { SaveQueue } from './save-queue.js';

/** What waits to be saved, note by note. The text itself is shown from the store, as a draft over the note. */
export class Outbox {
  #api;
  #store;
  /** @type {Map<string, SaveQueue>} */
  #queues = new Map();
  /** @type {((noteId: string, state: import('./save-queue.js').SaveState) => void)[]} */
  #listeners = [];

  /** @param {import('./api.js').Api} api @param {import('./store.js').NotesStore} store */
  constructor(api, store) {
    this.#api = api;
    this.#store = store;
  }

  /** @param {(noteId: string, state: import('./save-queue.js').SaveState) => void} listener */
  onState(listener) {
    this.#listeners.push(listener);
  }

  /** @param {string} userId @returns {string} the id of a new note, which can be typed into at once */
  create(userId) {
    const id = newId();
    this.#store.put(blankNote(id, userId));
    this.#queue(id).create();
    return id;
  }

  /** @param {string} noteId @param {import('./store.js').Draft} changes */
  edit(noteId, changes) {
    this.#queue(noteId).edit(changes);
  }

  /** @param {string} noteId @returns {import('./save-queue.js').SaveState} */
  state(noteId) {
    return this.#queues.get(noteId)?.state ?? { kind: 'saved' };
  }

  /** @param {string} noteId */
  hasUnsaved(noteId) {
    return this.#queues.get(noteId)?.hasUnsaved ?? false;
  }

  /** Gives up the unsaved text for what the server has. @param {string} noteId */
  async discard(noteId) {
    this.#queues.get(noteId)?.discard();
    try {
      this.#store.put(await this.#api.note(noteId));
    } catch (error) {
      if (!error.isTransient) this.#store.remove(noteId);
    }
  }

  /** @param {string} noteId */
  flush(noteId) {
    this.#queues.get(noteId)?.flush();
  }

  /** Sends everything now, except what was refused: that takes a new edit, or a decision. */
  flushAll() {
    for (const queue of this.#queues.values()) {
      if (queue.state.kind !== 'refused') queue.flush();
    }
  }

  get isAtRisk() {
    return Array.from(this.#queues.values()).some((queue) => queue.isAtRisk);
  }

  #queue(noteId) {
    const known = this.#queues.get(noteId);
    if (known) return known;
    const queue = new SaveQueue({
      post: (mutation) => this.#post(noteId, mutation),
      saved: (answer) => this.#store.putAnswer(answer),
      draftChanged: (draft) => this.#store.setDraft(noteId, draft),
      stateChanged: (state) => this.#listeners.forEach((listener) => listener(noteId, state)),
    });
    this.#queues.set(noteId, queue);
    return queue;
  }

  #post(noteId, { mutationId, changes, isCreate }) {
    return isCreate
      ? this.#api.createNote({ id: noteId, mutationId, title: '', content: '', ...changes })
      : this.#api.editNote(noteId, { mutationId, changes });
  }
}
