/**
 * Opens the account's events as a WebSocket and signs in on it.
 * @param {import('./connection.js').LinkOptions} options
 * @returns {import('./connection.js').Link}
 */
export function openWebSocket({ cursor, token, events }) {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`);
  const send = (frame) => {
    events.sent(frame.type, frame);
    socket.send(JSON.stringify(frame));
  };
  socket.onopen = () => send({ type: 'auth', ...(token && { token }), ...(cursor && { cursor }) });
  socket.onmessage = ({ data }) => events.text(data);
  socket.onclose = (event) => events.ended({ reason: reasonOf(event), terminal: isTerminal(event.code) });
  return {
    ping() {
      if (socket.readyState === WebSocket.OPEN) send({ type: 'ping' });
    },
    close() {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(1000);
    },
  };
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
