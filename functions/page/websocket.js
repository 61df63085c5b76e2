import { fetchToken } from './identity.js';
import { LOCAL_USER } from './settings.js';

/**
 * Opens the account's events as a WebSocket and signs in on it.
 * @param {import('./connection.js').LinkOptions} options
 * @returns {import('./connection.js').Link}
 */
export function openWebSocket({ cursor, token, events }) {
  /** @type {WebSocket | undefined} */
  let socket;
  let closed = false;
  const send = (frame) => {
    events.sent(frame.type, frame);
    socket.send(JSON.stringify(frame));
  };
  const open = (address, proof) => {
    if (closed) return;
    socket = new WebSocket(address);
    socket.onopen = () => send({ type: 'auth', ...(proof && { token: proof }), ...(cursor && { cursor }) });
    socket.onmessage = ({ data }) => events.text(data);
    socket.onclose = (event) => events.ended({ reason: reasonOf(event), terminal: isTerminal(event.code) });
  };
  offer()
    .then(async ({ path, url }) => {
      if (!url) return open(`${location.origin.replace('http', 'ws')}${path}`, token);
      return open(url, token ?? (await fetchToken(LOCAL_USER)).token); // another origin takes nobody's word
    })
    .catch((error) => !closed && events.ended({ reason: error.message }));
  return {
    ping() {
      if (socket?.readyState === WebSocket.OPEN) send({ type: 'ping' });
    },
    close() {
      closed = true;
      if (!socket) return;
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(1000);
    },
  };
}

/** @type {Promise<{path?: string, url?: string}> | undefined} */
let offered;

/** Where the server says that its WebSockets are: beside the page, or at a gateway. Asked once. */
function offer() {
  offered ??= fetch('/api/negotiate')
    .then((response) => response.json())
    .then((answer) => answer.websocket)
    .catch(() => {
      offered = undefined;
      throw new Error('the server cannot be reached');
    });
  return offered;
}

/** The code's range says what to do: in these, connecting again cannot help. */
function isTerminal(code) {
  return (code >= 3500 && code <= 3999) || (code >= 4500 && code <= 4999);
}

/** @param {CloseEvent} event */
function reasonOf({ code, reason }) {
  if (reason) return reason;
  return code === 1006 ? 'the server cannot be reached' : `the server closed the connection (code ${code})`;
}
