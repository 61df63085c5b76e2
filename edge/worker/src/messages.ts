// What clients send up a socket, handled in the order of each client.

import { call, errorFrame, frame } from "./core.js";
import { signIn } from "./login.js";
import { ask, type Env, type Policy, Unavailable } from "./origin.js";
import { Close, end, load, save, send, type Session } from "./session.js";

/** What a message asks for (edge/core/up.go). */
export interface Up {
  rate: { begun: number; count: number };
  frame?: string;
  auth?: { token: string; cursor: string };
  forward?: boolean;
  noteId?: string;
  folderId?: string;
  mutationId?: string;
}

/** Reads a message. Above four times the limit it is not even answered: undefined. */
export function read(data: string | ArrayBuffer, s: Pick<Session, "note" | "user" | "rate">, policy: Policy): Up | undefined {
  const size = typeof data === "string" ? bytesOf(data) : data.byteLength;
  if (size > 4 * policy.messageBytes) return undefined;
  const rate = { ...s.rate, limit: policy.messages, windowMs: policy.messagesPerMs };
  let discarded: string | undefined;
  if (size > policy.messageBytes) discarded = "too_large";
  if (typeof data !== "string") discarded = "not_text";
  const what = discarded === undefined ? { frame: data as string } : { discarded };
  const up = call<Up>("up", { ...what, noteId: s.note, userId: s.user, now: Date.now(), rate });
  return { ...up, rate: { begun: up.rate.begun, count: up.rate.count } };
}

/** The length in UTF-8, without encoding it. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c >= 0xd800 && c < 0xe000 ? 2 : 3; // a pair is four
  }
  return bytes;
}

export class Messages {
  private turns = new Map<string, Promise<boolean>>(); // the last message of each connection

  constructor(private env: Env) {}

  /** Handles a message after those before it. Returns true if the log may have grown. */
  async handle(ws: WebSocket, data: string | ArrayBuffer, policy: Policy): Promise<boolean> {
    const { id } = load(ws);
    const before = this.turns.get(id) ?? Promise.resolve(false);
    const turn = before.catch(() => false).then(() => this.one(ws, data, policy));
    this.turns.set(id, turn);
    try {
      return await turn;
    } finally {
      if (this.turns.get(id) === turn) this.turns.delete(id);
    }
  }

  private async one(ws: WebSocket, data: string | ArrayBuffer, policy: Policy): Promise<boolean> {
    if (ws.readyState !== WebSocket.OPEN) return false;
    const s = load(ws);
    const up = read(data, s, policy);
    if (!up) {
      ws.close(Close.tooLarge, "message too large");
      return false;
    }
    s.rate = up.rate;
    save(ws, s);
    if (up.frame !== undefined) send(ws, s, up.frame);
    if (up.auth) await this.auth(ws, up.auth.token, policy);
    return up.forward ? this.forward(ws, s, data as string, up, policy) : false;
  }

  /** Checks a token again: the account and the place in the log stay. */
  private async auth(ws: WebSocket, token: string, policy: Policy): Promise<void> {
    const verdict = await signIn(policy, token, load(ws).anybody);
    const s = load(ws);
    if ("refused" in verdict) {
      refuseToken(ws, s, policy, verdict.refused);
    } else if (verdict.user !== s.user) {
      end(ws, s, policy, Close.accountChange, "another account needs another connection", frame("auth_failed"));
    } else {
      save(ws, { ...s, issuedAt: verdict.issuedAt });
      const { cursor } = call<{ cursor: string }>("place", { cursor: "", epoch: s.epoch, head: s.after });
      const secret = token || crypto.randomUUID();
      send(ws, s, frame("auth_success", { userId: s.user, connectionId: s.id, cursor, secret, now: Date.now() }));
    }
  }

  /** Has the origin do what a frame asks. */
  private async forward(ws: WebSocket, s: Session, data: string, up: Up, policy: Policy): Promise<boolean> {
    try {
      const answer = await ask(this.env, "frame", {
        userId: s.user, issuedAt: s.issuedAt, via: s.id, noteId: s.note, address: s.address, frame: data, id: crypto.randomUUID(),
      });
      if (answer.status === 401) {
        end(ws, load(ws), policy, Close.tokenExpired, "the token is too old", s.note ? undefined : frame("auth_failed", { expired: true }));
        return false;
      }
      if (!answer.ok) throw new Unavailable(`/edge/frame: ${answer.status}`);
      const said = await answer.json<{ frame?: string }>();
      if (said.frame !== undefined) send(ws, s, said.frame);
      return said.frame === undefined;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      send(ws, s, errorFrame({
        code: "unavailable", message: "The store cannot answer now; send the same mutation again", retryAfterMs: 1000,
        noteId: up.noteId ?? "", folderId: up.folderId ?? "", mutationId: up.mutationId ?? "", account: s.note === "",
      }));
      return true; // it may have been done
    }
  }
}

/** Says that a token is no good. One that cannot be judged leaves the connection as it is. */
export function refuseToken(ws: WebSocket, s: Session, policy: Policy, why: "expired" | "invalid" | "unavailable"): void {
  switch (why) {
    case "unavailable":
      send(ws, s, errorFrame({ code: "unavailable", message: "The token cannot be checked now; try again", retryAfterMs: 1000, account: true }));
      return;
    case "expired":
      return end(ws, s, policy, Close.tokenExpired, "Token expired", frame("auth_failed", { expired: true }));
    case "invalid":
      return end(ws, s, policy, Close.authFailed, "Authentication failed", frame("auth_failed"));
  }
}
