// A socket of the account dialect whose request did not say whose it is. Until an auth message
// does, nobody knows which object it belongs to: it stays here, and then is tied to one.

import { errorFrame, frame, type Refusal } from "./core.js";
import { signIn } from "./login.js";
import { read, refuseToken } from "./messages.js";
import { open } from "./open.js";
import type { Env, Policy } from "./origin.js";
import { Close, end, newSession, type Opening, type Session } from "./session.js";

export class Unsigned {
  private upstream: WebSocket | undefined;
  private session: Session;
  private turn: Promise<void> = Promise.resolve();
  private timer: ReturnType<typeof setTimeout>;

  constructor(private ws: WebSocket, private env: Env, private o: Opening, private policy: Policy) {
    this.session = newSession(o);
    ws.accept();
    ws.send(frame("connection_established", { connectionId: o.id }));
    this.timer = setTimeout(() => this.tooLate(), policy.authTimeoutMs);
    ws.addEventListener("message", (e) => {
      this.turn = this.turn.then(() => this.receive(e.data)).catch((error) => this.fail(error));
    });
    ws.addEventListener("close", () => {
      clearTimeout(this.timer);
      this.upstream?.close(Close.normal);
    });
  }

  private async receive(data: string | ArrayBuffer): Promise<void> {
    if (this.upstream) return this.upstream.send(data);
    const up = read(data, this.session, this.policy);
    if (!up) return this.ws.close(Close.tooLarge, "message too large");
    this.session.rate = up.rate;
    if (up.frame !== undefined) this.ws.send(up.frame);
    if (up.auth) await this.auth(up.auth);
  }

  private async auth(m: { token: string; cursor: string }): Promise<void> {
    const verdict = await signIn(this.policy, m.token, this.o.anybody);
    if ("refused" in verdict) return refuseToken(this.ws, this.session, this.policy, verdict.refused);
    clearTimeout(this.timer);
    const cursor = m.cursor.length > 128 ? "malformed" : m.cursor;
    await this.tie({ ...this.o, ...verdict, cursor, secret: m.token || crypto.randomUUID() });
  }

  /** Ties the socket to its account's object, which speaks from now on. */
  private async tie(o: Opening): Promise<void> {
    const answer = await open(this.env, o);
    const upstream = answer.webSocket;
    if (!upstream) return refuseOpening(this.ws, this.session, this.policy, answer);
    upstream.accept();
    this.upstream = upstream;
    upstream.addEventListener("message", (e) => this.ws.send(e.data));
    upstream.addEventListener("close", (e) => this.ws.close(e.code === 1005 || e.code === 1006 ? Close.internal : e.code, e.reason));
    if (this.ws.readyState !== WebSocket.OPEN) upstream.close(Close.normal);
  }

  private tooLate(): void {
    const message = "Authentication timeout. Connection will be closed.";
    end(this.ws, this.session, this.policy, Close.authTimeout, "no auth in time", errorFrame({ code: "unauthenticated", message }));
  }

  private fail(error: unknown): void {
    console.error("a socket failed", error);
    end(this.ws, this.session, this.policy, Close.internal, "internal error");
  }
}

/** Ends a socket that its object will not have. */
export async function refuseOpening(ws: WebSocket, s: Session, policy: Policy, answer: Response): Promise<void> {
  const { error } = await answer.json<{ error: Refusal }>();
  const said = errorFrame({ code: error.code, message: error.message, retryAfterMs: error.retryAfterMs ?? 0, account: true });
  if (error.code === "rate_limited") return end(ws, s, policy, Close.tooMany, "too many connections", said);
  end(ws, s, policy, Close.internal, "the log cannot be read now");
}
