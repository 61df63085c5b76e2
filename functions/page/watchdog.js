/** The server's heartbeat, and the ping that asks for a sign of life, come after this much silence. */
const QUIET_MS = 25_000;
/** How long a sign of life may take, and the first word of a new link. */
const GRACE_MS = 15_000;

/** Notices a link that looks open and is dead. */
export class Watchdog {
  #ping;
  #dead;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #heardAt = 0;

  /** @param {{ping: () => void, dead: () => void}} actions */
  constructor({ ping, dead }) {
    this.#ping = ping;
    this.#dead = dead;
  }

  start() {
    this.#heardAt = Date.now();
    this.#timer = setTimeout(this.#dead, GRACE_MS);
  }

  /** Anything at all arrived. */
  heard() {
    this.#heardAt = Date.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), QUIET_MS);
  }

  /** After a sleep the timers are late: decides at once. */
  check() {
    if (Date.now() - this.#heardAt > QUIET_MS + GRACE_MS) this.#dead();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  #ask() {
    this.#ping();
    this.#timer = setTimeout(this.#dead, GRACE_MS);
  }
}
