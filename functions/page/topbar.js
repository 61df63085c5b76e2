import { byId, setText } from './dom.js';
import { announce } from './notices.js';
import { isValid, LOCAL_USER, tabAddress, TRANSPORT_LABELS, writeSetting } from './settings.js';

/** @typedef {import('./stream.js').Status} Status */

const COUNTDOWN_MS = 250;

/** Which connection there is, which one is wanted, and who acts. */
export class Topbar {
  #user;
  #transport;
  #live = byId('live');
  /** @type {Status | null} */
  #status = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #countdown;

  /**
   * @param {{user: string, transport: import('./settings.js').TransportName}} choices
   * @param {{use: (transport: import('./settings.js').TransportName) => void, retry: () => void}} actions
   */
  constructor({ user, transport }, { use, retry }) {
    this.#user = user;
    this.#transport = transport;
    byId('retry-now').addEventListener('click', retry);
    this.#setUpTransport(use);
    this.#setUpUser();
    this.linkSecondTab();
  }

  /** @param {Status} status */
  showStatus(status) {
    if (status.state !== this.#status?.state) announce(statusWords(status));
    this.#status = status;
    this.#live.dataset.state = status.state;
    setText(byId('live-reason'), reasonOf(status));
    byId('retry-now').hidden = status.state !== 'offline' && status.state !== 'stopped';
    clearInterval(this.#countdown);
    if (status.state === 'offline') this.#countdown = setInterval(() => this.#showWords(), COUNTDOWN_MS);
    this.#showWords();
  }

  /** The second tab opens the same note. */
  linkSecondTab() {
    byId('second-tab').href = tabAddress({ user: this.#user, transport: this.#transport });
  }

  #showWords() {
    if (this.#status) setText(byId('live-status'), statusWords(this.#status));
  }

  #setUpTransport(use) {
    for (const radio of byId('transport').querySelectorAll('input')) {
      radio.checked = radio.value === this.#transport;
      radio.addEventListener('change', () => {
        this.#transport = radio.value;
        writeSetting('transport', radio.value);
        this.linkSecondTab();
        use(radio.value);
      });
    }
  }

  /** Another user is another account: the page starts again as that user. */
  #setUpUser() {
    const field = byId('user');
    field.value = this.#user;
    byId('user-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const name = field.value.trim();
      if (!isValid('user', name) || name === this.#user) return;
      writeSetting('user', name);
      location.reload();
    });
    field.addEventListener('blur', () => { if (!field.value.trim()) field.value = LOCAL_USER; });
  }
}

/** @param {Status} status */
function statusWords(status) {
  switch (status.state) {
    case 'connecting': return 'Connecting…';
    case 'live': return liveWords(status);
    case 'offline': return `Offline, retrying in ${secondsUntil(status.retryAt)} s`;
    case 'stopped': return 'Disconnected';
  }
}

/** @param {Extract<Status, {state: 'live'}>} status */
function liveWords({ transport, switchingTo, problem }) {
  const live = `Live over ${TRANSPORT_LABELS[transport]}`;
  if (!switchingTo) return live;
  return problem ? `${live}; no ${TRANSPORT_LABELS[switchingTo]} yet` : `${live}, switching…`;
}

/** @param {Status} status */
function reasonOf(status) {
  if ('reason' in status) return status.reason;
  return (status.state === 'live' && status.problem) || '';
}

function secondsUntil(time) {
  return Math.max(0, Math.ceil((time - Date.now()) / 1000));
}
