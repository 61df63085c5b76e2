/**
 * Server-Sent Events as text arrives in arbitrary pieces: the event stream format of the HTML standard,
 * without event names and `retry`, which this wire does not use.
 */
export class SseParser {
  #rest = '';
  /** @type {string[]} */
  #data = [];
  #onData;
  #onComment;

  /** @param {{onData: (data: string) => void, onComment: () => void}} handlers */
  constructor({ onData, onComment }) {
    this.#onData = onData;
    this.#onComment = onComment;
  }

  /** @param {string} piece */
  push(piece) {
    const text = this.#rest + piece;
    // A CR at the very end may be half of a CRLF: it waits for the next piece.
    const complete = text.endsWith('\r') ? text.slice(0, -1) : text;
    const lines = complete.split(/\r\n|\n|\r/);
    this.#rest = lines.pop() + text.slice(complete.length);
    for (const line of lines) this.#line(line);
  }

  #line(line) {
    if (line === '') this.#dispatch();
    else if (line.startsWith(':')) this.#onComment();
    else this.#field(line);
  }

  #field(line) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') this.#data.push(value);
  }

  #dispatch() {
    if (this.#data.length === 0) return;
    const data = this.#data.join('\n');
    this.#data = [];
    this.#onData(data);
  }
}
