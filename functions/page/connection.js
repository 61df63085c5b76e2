import { TRANSPORT_LABELS } from './settings.js';
import { openSse } from './sse.js';
import { Watchdog } from './watchdog.js';
import { openWebSocket } from './websocket.js';

/**
 * What a transport has to be: a link that reports everything through `events`, and nothing after `close`.
 * @typedef {object} Link
 * @property {() => void} ping asks for a sign of life, where the transport can
 * @property {() => void} close
 *
 * @typedef {object} LinkOptions
 * @property {import('./cursor.js').Cursor | null} cursor resume after this place; none starts at now
 * @property {string | undefined} token
 * @property {LinkEvents} events
 *
 * @typedef {object} LinkEvents
 * @property {(type: string, body?: unknown) => void} sent
 * @property {(json: string) => void} text
 * @property {() => void} heartbeat
 * @property {(end: End) => void} ended
 *
 * @typedef {{reason: string, terminal?: boolean}} End
 */

const OPENERS = { ws: openWebSocket, sse: openSse };

/** One link with its watchdog. It reports decoded frames and, once, its end; after `close` nothing. */
export class Connection {
  #log;
  #handlers;
  /** @type {Link | null} */
  #link = null;
  #closed = false;
  #watchdog = new Watchdog({
    ping: () => this.#link?.ping(),
    dead: () => this.#end({ reason: 'the server fell silent' }),
  });

  /**
   * @param {import('./settings.js').TransportName} transport
   * @param {import('./frames.js').FrameLog} log
   * @param {{onFrame: (frame: any) => void, onEnd: (end: End) => void}} handlers
   */
  constructor(transport, log, handlers) {
    this.transport = transport;
    this.#log = log;
    this.#handlers = handlers;
  }

  /** @param {import('./cursor.js').Cursor | null} cursor @param {string | undefined} token */
  open(cursor, token) {
    if (this.#closed) return;
    this.#watchdog.start();
    this.#link = OPENERS[this.transport]({ cursor, token, events: this.#events() });
  }

  /** Ends a link that died while the computer slept. */
  check() {
    this.#watchdog.check();
  }

  close() {
    this.#closed = true;
    this.#watchdog.stop();
    this.#link?.close();
  }

  /** @returns {LinkEvents} */
  #events() {
    const label = TRANSPORT_LABELS[this.transport];
    return {
      sent: (type, body) => this.#log.sent(label, type, body),
      text: (json) => this.#receive(label, json),
      heartbeat: () => {
        this.#watchdog.heard();
        this.#log.received(label, 'heartbeat');
      },
      ended: (end) => this.#end(end),
    };
  }

  #receive(label, json) {
    if (this.#closed) return;
    this.#watchdog.heard();
    const frame = decode(json);
    this.#log.received(label, frame?.type ?? 'unreadable', frame ?? json);
    if (frame) this.#handlers.onFrame(frame);
  }

  #end(end) {
    this.close();
    this.#handlers.onEnd(end);
  }
}

/** A frame is an object with a type; anything else is shown in the inspector and otherwise ignored. */
function decode(json) {
  try {
    const frame = JSON.parse(json);
    return typeof frame?.type === 'string' ? frame : null;
  } catch {
    return null;
  }
}
