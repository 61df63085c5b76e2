// Follows a note over its WebSocket while it is updated three times by HTTP: four messages.
//
//   node shell/test-websocket.js http://localhost:3000 [token]
import assert from 'node:assert/strict';
import ws from 'ws';

const Socket = globalThis.WebSocket ?? ws; // Node has one of its own from version 22
const [url = 'http://localhost:3000', token] = process.argv.slice(2);
const id = `socket-${Date.now()}`;

/**
 * @param {string} procedure
 * @param {object} input
 */
async function mutate(procedure, input) {
  const response = await fetch(`${url}/api/v1/${procedure}`, {
    method: 'POST', body: JSON.stringify(input),
    headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
  });
  const { result, error } = await response.json();
  assert(!error, JSON.stringify(error));
  return result.data;
}

await mutate('createNote', { id, title: 'Live', blob: { count: 0 } });
// A browser cannot set headers on a WebSocket: the token goes where the subprotocol does.
const protocols = token ? ['notewire.v1', `bearer.${token}`] : [];
const socket = new Socket(`${url.replace(/^http/, 'ws')}/ws/note/${id}`, protocols);
/** @type {{ type: string, data: { version: number, title: string, blob: unknown } }[]} */
const messages = [];
const done = new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error(`only ${messages.length} of 4 messages came`)), 10_000).unref();
  socket.addEventListener('error', () => reject(new Error('the socket failed')));
  socket.addEventListener('close', (/** @type {{ code: number }} */ event) => reject(new Error(`the socket was closed with ${event.code}`)));
  socket.addEventListener('message', async (/** @type {{ data: unknown }} */ event) => {
    const message = JSON.parse(String(event.data));
    console.log(message.type, message.data?.version);
    messages.push(message);
    if (messages.length === 1) {
      for (let count = 1; count <= 3; count++) {
        await mutate('updateNote', { id, blob: { count } }).catch(reject);
      }
    }
    if (messages.length === 4) resolve(undefined);
  });
});
await done;

assert.deepEqual(messages.map(({ type, data }) => [type, data.version, data.title, data.blob]), [
  ['initial', 1, 'Live', { count: 0 }],
  ['update', 2, 'Live', { count: 1 }],
  ['update', 3, 'Live', { count: 2 }],
  ['update', 4, 'Live', { count: 3 }],
]);
console.log('ok');
socket.close();
