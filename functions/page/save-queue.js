import { OUTLIVING_CHARACTERS } from './api.js';
import { backoff } from './backoff.js';
import { newMutationId } from './ids.js';

/** A pause in the typing that is worth a version. */
const PAUSE_MS = 400;
/** Who types without a pause is saved this often. */
const LONGEST_UNSAVED_MS = 2_000;

/**
 * @typedef {import('./store.js').Draft} Draft
 *
 * @typedef {{kind: 'saved'} | {kind: 'saving'}
 *   | {kind: 'retrying', message: string} | {kind: 'refused', message: string}} SaveState
 *
 * @typedef {object} Mutation
 * @property {string} mutationId stays the same over every retry
 * @property {Draft} changes
 * @property {boolean} isCreate
 *
 * @typedef {object} QueueHost
 * @property {(mutation: Mutation) => Promise<any>} post
 * @property {(answer: any) => void} saved
 * @property {(draft: Draft | null) => void} draftChanged
 * @property {(state: SaveState) => void} stateChanged
 */

/**
 * The unsaved text of one note. One mutation is under way at a time; meanwhile the latest text of each field waits.
 * An answer that was lost is asked for again with the same mutationId, before anything later is sent.
 */
export class SaveQueue {
  #host;
  /** @type {Draft} */
  #waiting = {};
  /** @type {Mutation | null} */
  #underWay = null;
  #isPosting = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #unsavedSince = 0;
  #failures = 0;
  /** @type {SaveState} */
  state = { kind: 'saved' };

  /** @param {QueueHost} host */
  constructor(host) {
    this.#host = host;
  }

  /** The note begins here: it is created at the server before anything else. */
  create() {
    this.#underWay = { mutationId: newMutationId(), changes: { title: '', content: '' }, isCreate: true };
    this.#tellDraft();
    this.#setState({ kind: 'saving' });
    this.#send();
  }

  /** @param {Draft} changes */
  edit(changes) {
    if (isEmpty(this.#waiting)) this.#unsavedSince = Date.now();
    Object.assign(this.#waiting, changes);
    this.#tellDraft();
    if (this.state.kind === 'saved') this.#setState({ kind: 'saving' });
    if (this.state.kind !== 'retrying') this.#sendAfterPause();
  }

  /** Sends what there is without waiting, also a retry. */
  flush() {
    if (this.hasUnsaved) this.#send();
  }

  /** Gives up the unsaved text, after a refusal. */
  discard() {
    clearTimeout(this.#timer);
    this.#waiting = {};
    this.#underWay = null;
    this.#tellDraft();
    this.#setState({ kind: 'saved' });
  }

  get hasUnsaved() {
    return this.#underWay !== null || !isEmpty(this.#waiting);
  }

  /** Whether leaving the page now could lose text: a request that is under way outlives it, if it is small. */
  get isAtRisk() {
    const inTrouble = this.state.kind === 'retrying' || this.state.kind === 'refused';
    return this.hasUnsaved && (inTrouble || !isEmpty(this.#waiting) || this.#size() >= OUTLIVING_CHARACTERS);
  }

  #sendAfterPause() {
    const latest = this.#unsavedSince + LONGEST_UNSAVED_MS;
    this.#schedule(Math.min(PAUSE_MS, Math.max(0, latest - Date.now())));
  }

  #schedule(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), delay);
  }

  async #send() {
    clearTimeout(this.#timer);
    if (this.#isPosting) return;
    const mutation = this.#underWay ??= this.#takeWaiting();
    this.#isPosting = true;
    await this.#host.post(mutation)
      .finally(() => { this.#isPosting = false; })
      .then((answer) => this.#acknowledged(answer), (error) => this.#failed(mutation, error));
  }

  #takeWaiting() {
    const mutation = { mutationId: newMutationId(), changes: this.#waiting, isCreate: false };
    this.#waiting = {};
    return mutation;
  }

  #acknowledged(answer) {
    this.#underWay = null;
    this.#failures = 0;
    this.#host.saved(answer);
    this.#tellDraft();
    if (isEmpty(this.#waiting)) {
      this.#setState({ kind: 'saved' });
    } else {
      this.#setState({ kind: 'saving' });
      this.#sendAfterPause();
    }
  }

  #failed(mutation, error) {
    if (error.isTransient) this.#retryLater(error);
    else this.#refused(mutation, error);
  }

  #retryLater({ message, retryAfterMs }) {
    this.#schedule(retryAfterMs ?? backoff(this.#failures));
    this.#failures += 1;
    this.#setState({ kind: 'retrying', message });
  }

  /** Nothing was written: the text stays here, and the next edit tries again as a new mutation. */
  #refused(mutation, { message }) {
    if (!mutation.isCreate) {
      this.#underWay = null;
      this.#waiting = { ...mutation.changes, ...this.#waiting };
    }
    this.#setState({ kind: 'refused', message });
  }

  #tellDraft() {
    this.#host.draftChanged(this.hasUnsaved ? { ...this.#underWay?.changes, ...this.#waiting } : null);
  }

  #setState(state) {
    this.state = state;
    this.#host.stateChanged(state);
  }

  #size() {
    const { title = '', content = '' } = { ...this.#underWay?.changes, ...this.#waiting };
    return title.length + content.length;
  }
}

function isEmpty(draft) {
  return Object.keys(draft).length === 0;
}
