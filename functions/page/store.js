import { isPast, sameEpoch } from './cursor.js';
import { isOwnMutation } from './ids.js';

/**
 * @typedef {object} Note
 * @property {string} id
 * @property {string} userId the owner
 * @property {number} version 0 until the server has it
 * @property {string | null} title
 * @property {string} content
 * @property {'private' | 'public'} access
 * @property {Record<string, 'read' | 'write'>} roles
 * @property {boolean} deleted
 * @property {boolean} starred the viewing member's own
 * @property {number} createdAt
 * @property {number} updatedAt
 *
 * @typedef {{title?: string, content?: string}} Draft text that the server has not acknowledged
 *
 * @typedef {object} Entry
 * @property {Note} note as the server has it
 * @property {import('./cursor.js').Cursor | null} cursor of the log row that this state comes from
 * @property {Draft | null} draft
 *
 * @typedef {object} Change
 * @property {string | null} noteId null: the lists were loaded
 * @property {string | null} by who did it, when it came from another tab, device or person
 */

/** The notes as this tab knows them. Everything that is shown is read from here. */
export class NotesStore {
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  /** @type {((change: Change) => void)[]} */
  #listeners = [];
  isLoaded = false;

  /** @param {(change: Change) => void} listener */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  /** @param {string | null} id @returns {Note | null} with the unsaved text in place */
  note(id) {
    const entry = id === null ? undefined : this.#entries.get(id);
    return entry ? { ...entry.note, ...entry.draft } : null;
  }

  /** @returns {Note[]} the newest first */
  notes() {
    const notes = Array.from(this.#entries.values(), ({ note, draft }) => ({ ...note, ...draft }));
    return notes.sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1));
  }

  /**
   * Takes a note in, unless what is known is newer: answers, lists and events overtake each other.
   * @param {Note} note
   * @param {import('./cursor.js').Cursor | null} [cursor]
   * @param {string | null} [by]
   */
  put(note, cursor = null, by = null) {
    const known = this.#entries.get(note.id);
    if (known && isOutdated(note, cursor, known)) return;
    this.#entries.set(note.id, { note, cursor: cursor ?? known?.cursor ?? null, draft: known?.draft ?? null });
    this.#changed(note.id, by);
  }

  /**
   * Takes in the answer to an own mutation. After leaving a note it no longer holds the note.
   * @param {Note & {cursor: import('./cursor.js').Cursor, mutationId: string}} answer
   */
  putAnswer({ cursor, mutationId, ...note }) {
    if (note.userId) this.put(note, cursor);
  }

  /** Changes fields before the server has answered. @param {string} id @param {Partial<Note>} fields */
  patch(id, fields) {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.note = { ...entry.note, ...fields };
    this.#changed(id);
  }

  /** @param {string} id @param {Draft | null} draft */
  setDraft(id, draft) {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.draft = draft;
    this.#changed(id);
  }

  /** Applies an event of the log. @param {any} frame */
  applyEvent(frame) {
    const by = isOwnMutation(frame.mutationId) ? null : frame.fromUserId;
    switch (frame.type) {
      case 'note_sync': return this.put(frame.updatedNote, frame.cursor, by);
      case 'note_created_sync': return this.put(frame.noteData, frame.cursor, by);
      case 'note_deleted_sync': return this.#gone(frame, by);
    }
  }

  /**
   * Forgets what a complete list no longer has, except what came after it or waits to be saved.
   * @param {Set<string>} listed
   * @param {import('./cursor.js').Cursor} cursor taken before the list
   */
  finishLoading(listed, cursor) {
    for (const [id, entry] of this.#entries) {
      const cameLater = entry.cursor && sameEpoch(entry.cursor, cursor) && isPast(entry.cursor, cursor);
      if (!listed.has(id) && !entry.draft && !cameLater) this.remove(id);
    }
    this.isLoaded = true;
    this.#changed(null);
  }

  /** @param {string} id */
  remove(id) {
    this.#entries.delete(id);
    this.#changed(id);
  }

  /** Unsaved text stays, to be copied; the server's refusal will say why it cannot be saved. */
  #gone({ noteId, reason, cursor, version }, by) {
    const entry = this.#entries.get(noteId);
    if (!entry) return;
    if (reason === 'trashed') this.put({ ...entry.note, deleted: true, version }, cursor, by);
    else if (!entry.draft) this.remove(noteId);
  }

  /** @param {string | null} noteId @param {string | null} [by] */
  #changed(noteId, by = null) {
    for (const listener of this.#listeners) listener({ noteId, by });
  }
}

/** @param {Note} note @param {import('./cursor.js').Cursor | null} cursor @param {Entry} known */
function isOutdated(note, cursor, known) {
  if (cursor && known.cursor && !sameEpoch(cursor, known.cursor)) return false;
  if (note.version !== known.note.version) return note.version < known.note.version;
  return Boolean(cursor && known.cursor && isPast(known.cursor, cursor));
}
