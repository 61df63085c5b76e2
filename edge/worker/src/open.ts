// The way to an object.

import type { Env } from "./origin.js";
import type { Opening } from "./session.js";

/** The object of an account or a note. */
export function topic(env: Env, t: { user?: string; note?: string }): DurableObjectStub {
  return env.TOPIC.get(env.TOPIC.idFromName(t.note ? `note:${t.note}` : `user:${t.user}`));
}

/** Opens a connection to its object: the answer has a socket, or says why not. */
export function open(env: Env, o: Opening): Promise<Response> {
  const headers = { Upgrade: "websocket", "Notewire-Open": encodeURIComponent(JSON.stringify(o)) };
  return topic(env, o).fetch("http://topic/", { headers });
}
