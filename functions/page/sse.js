import { SseParser } from './sse-parser.js';

/**
 * Opens the account's events as Server-Sent Events. `fetch` rather than EventSource: it can send the token
 * in a header, sees heartbeats, and leaves reconnecting to the one place that decides it.
 * @param {import('./connection.js').LinkOptions} options
 * @returns {import('./connection.js').Link}
 */
export function openSse({ cursor, token, events }) {
  const abort = new AbortController();
  const path = cursor ? `/api/events?cursor=${encodeURIComponent(cursor)}` : '/api/events';
  events.sent(`GET ${path}`);
  read(path, token, abort.signal, events)
    .then(() => ({ reason: 'the server ended the stream' }), (error) => ({ reason: error.message }))
    .then((end) => { if (!abort.signal.aborted) events.ended(end); });
  return { ping() {}, close: () => abort.abort() };
}

async function read(path, token, signal, events) {
  const response = await fetch(path, {
    signal,
    cache: 'no-store',
    headers: { Accept: 'text/event-stream', ...(token && { Authorization: `Bearer ${token}` }) },
  }).catch(() => { throw new Error('the server cannot be reached'); });
  if (!response.ok || !response.body) throw new Error(await refusalOf(response));
  const parser = new SseParser({ onData: events.text, onComment: events.heartbeat });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) parser.push(piece.value);
}

async function refusalOf(response) {
  const answer = await response.json().catch(() => ({}));
  return answer.error?.message ?? `the server answered with status ${response.status}`;
}
