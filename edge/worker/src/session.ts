// What an object knows of one connection. It is kept in the socket's attachment, and so
// outlives hibernation.

import { frame } from "./core.js";
import type { Login } from "./login.js";
import type { Policy } from "./origin.js";

/** What the worker tells an object about a new connection. */
export interface Opening extends Login {
  id: string; // of the connection
  note: string; // the note dialect's; empty: the account dialect
  address: string; // where the client is; empty: not known
  cursor: string;
  stream: boolean; // of events: nothing comes up, and frames carry their cursor
  greeted: boolean; // connection_established was sent
  anybody: boolean; // auth without a token is the local user's
  secret: string; // of the sessionSecret; empty: none
  policy: Policy;
}

export interface Session extends Login {
  id: string;
  note: string;
  address: string;
  stream: boolean;
  anybody: boolean;
  epoch: string; // of the log that after is a place in
  after: number; // the place of the last frame
  waiting: boolean; // a stream has not yet taken what it was sent
  rate: { begun: number; count: number };
  // Of the note dialect: what the reader was when the session began, the version then, and
  // whether the last event put the note into the trash.
  member: boolean;
  opened: number;
  deleted: boolean;
}

export function newSession(o: Opening): Session {
  return {
    id: o.id, user: o.user, note: o.note, address: o.address, issuedAt: o.issuedAt, stream: o.stream, anybody: o.anybody, epoch: "", after: 0,
    waiting: false, rate: { begun: 0, count: 0 }, member: false, opened: 0, deleted: false,
  };
}

export const load = (ws: WebSocket) => ws.deserializeAttachment() as Session;

export const save = (ws: WebSocket, s: Session) => ws.serializeAttachment(s);

/** Sends a frame, unless the client has gone. To a stream the cursor comes first; outside of the log there is none. */
export function send(ws: WebSocket, s: Session, data: string, cursor = ""): void {
  if (ws.readyState === WebSocket.OPEN) ws.send(s.stream ? `${cursor}\n${data}` : data);
}

/** Close codes (transport/PROTOCOL.md, 6). */
export const Close = {
  normal: 1000, tooLarge: 1009, tokenExpired: 4003, tooMany: 4005, internal: 4006, accessChanged: 4007,
  authTimeout: 4004, authFailed: 4500, accessLost: 4501, accountChange: 4502,
} as const;

/** Ends a connection, and says why: with that frame, or where the client should come back, with
 * the word to. */
export function end(ws: WebSocket, s: Session, policy: Policy, code: number, reason: string, goodbye?: string): void {
  if (goodbye === undefined && code >= 4000 && code < 4500) {
    goodbye = frame("reconnect", { code, reason, retryAfterMs: Math.floor(Math.random() * (policy.comebackMs + 1)) });
  }
  try {
    if (goodbye !== undefined) send(ws, s, goodbye);
    ws.close(code, reason);
  } catch {
    // it has gone already
  }
}
