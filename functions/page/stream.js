import { backoff } from './backoff.js';
import { Connection } from './connection.js';
import { isPast } from './cursor.js';

/**
 * @typedef {import('./settings.js').TransportName} TransportName
 *
 * @typedef {{state: 'connecting', transport: TransportName}
 *   | {state: 'live', transport: TransportName, switchingTo: TransportName | null, problem: string | null}
 *   | {state: 'offline', retryAt: number, reason: string}
 *   | {state: 'stopped', reason: string}} Status
 *
 * @typedef {object} Host what the stream needs from the page
 * @property {() => Promise<import('./cursor.js').Cursor>} load loads the lists, answers the cursor taken before them
 * @property {() => Promise<string | undefined>} token
 * @property {() => void} tokenRefused
 * @property {(frame: any) => void} deliver each event of the log once and in order; errors too
 * @property {(status: Status) => void} report
 * @property {import('./frames.js').FrameLog} log
 */

/**
 * Keeps the account's events flowing over the chosen transport: connects, resumes from the cursor, waits and tries
 * again. A new connection replaces a living one only when it is signed in, and what both deliver is applied once.
 */
export class Stream {
  #host;
  /** @type {TransportName} */
  #transport;
  /** @type {import('./cursor.js').Cursor | null} none: the lists have to be loaded first */
  #cursor = null;
  /** @type {Connection | null} the one that delivers */
  #live = null;
  /** @type {Connection | null} the one that shall replace it */
  #opening = null;
  /** @type {{timer: ReturnType<typeof setTimeout>, at: number, reason: string} | null} */
  #wait = null;
  /** @type {string | null} why connecting again cannot help */
  #stopped = null;
  #failures = 0;

  /** @param {TransportName} transport @param {Host} host */
  constructor(transport, host) {
    this.#transport = transport;
    this.#host = host;
  }

  /** Connects now: at the start, on demand, and when the network may have changed under a living connection. */
  async connect() {
    this.#cancelAttempts();
    const connection = this.#newConnection();
    this.#opening = connection;
    this.#report();
    try {
      const cursor = this.#cursor ?? await this.#host.load();
      const token = await this.#host.token();
      if (this.#opening !== connection) return;
      this.#cursor ??= cursor;
      connection.open(this.#cursor, token);
    } catch (error) {
      this.#ended(connection, { reason: error.message });
    }
  }

  /** Changes the transport without a gap. @param {TransportName} transport */
  use(transport) {
    this.#transport = transport;
    if (this.#live?.transport !== transport) {
      this.connect();
      return;
    }
    this.#cancelAttempts();
    this.#report();
  }

  /** The tab is looked at again: no reason to wait any longer, or to trust a connection that slept. */
  wake() {
    if (this.#wait) this.connect();
    else this.#live?.check();
  }

  #newConnection() {
    const connection = new Connection(this.#transport, this.#host.log, {
      onFrame: (frame) => this.#receive(connection, frame),
      onEnd: (end) => this.#ended(connection, end),
    });
    return connection;
  }

  #cancelAttempts() {
    this.#opening?.close();
    this.#opening = null;
    this.#stopped = null;
    this.#cancelWait();
  }

  #cancelWait() {
    clearTimeout(this.#wait?.timer);
    this.#wait = null;
  }

  #receive(connection, frame) {
    switch (frame.type) {
      case 'auth_success': return this.#signedIn(connection);
      case 'auth_failed': return this.#refused(connection, frame);
      case 'reconnect': return this.#leave(connection, frame);
      case 'resync': return this.#resync(frame);
      default: return this.#deliver(frame);
    }
  }

  #signedIn(connection) {
    if (connection !== this.#opening) return;
    this.#live?.close();
    this.#live = connection;
    this.#opening = null;
    this.#failures = 0;
    this.#report();
  }

  #refused(connection, frame) {
    this.#host.tokenRefused();
    connection.close();
    this.#ended(connection, { reason: frame.message ?? 'the server refused the sign-in' });
  }

  /** The server is going away and says when to come back. */
  #leave(connection, frame) {
    connection.close();
    this.#ended(connection, { reason: frame.reason ?? 'the server is restarting' }, frame.retryAfterMs);
  }

  /** The log cannot be followed from our cursor: loads everything, while events go on from the new one. */
  async #resync(frame) {
    this.#cursor = frame.cursor;
    try {
      await this.#host.load();
    } catch {
      this.#startOver();
    }
  }

  #startOver() {
    this.#live?.close();
    this.#live = null;
    this.#cursor = null;
    this.connect();
  }

  #deliver(frame) {
    if (frame.cursor) {
      if (!isPast(frame.cursor, this.#cursor)) return;
      this.#cursor = frame.cursor;
    }
    this.#host.deliver(frame);
  }

  #ended(connection, { reason, terminal = false }, delay = backoff(this.#failures)) {
    if (connection === this.#live) this.#live = null;
    else if (connection === this.#opening) this.#opening = null;
    else return;
    if (terminal) this.#stopped = reason;
    else if (!this.#opening) this.#tryAgainIn(delay, reason);
    this.#report();
  }

  #tryAgainIn(delay, reason) {
    this.#cancelWait();
    this.#failures += 1;
    this.#wait = { reason, at: Date.now() + delay, timer: setTimeout(() => this.connect(), delay) };
  }

  #report() {
    this.#host.report(this.#status());
  }

  /** @returns {Status} */
  #status() {
    const wanted = this.#transport;
    if (this.#live) {
      const { transport } = this.#live;
      const problem = this.#stopped ?? this.#wait?.reason ?? null;
      return { state: 'live', transport, switchingTo: transport === wanted ? null : wanted, problem };
    }
    if (this.#opening) return { state: 'connecting', transport: wanted };
    if (this.#wait) return { state: 'offline', retryAt: this.#wait.at, reason: this.#wait.reason };
    return { state: 'stopped', reason: this.#stopped ?? 'not connected' };
  }
}
