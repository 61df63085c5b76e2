// Seed 001, "JavaScript": a fragment. Added: the function around it.
export function connect(WebSocket: typeof globalThis.WebSocket) {
  const ws = new WebSocket('ws://localhost:8787/ws/note/my-note-id');

  ws.onmessage = (event) => {
    const message = JSON.parse(event.data);
    console.log(message.type, message.data);
  };
  return ws;
}
