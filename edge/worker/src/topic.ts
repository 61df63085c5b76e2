// One object for each account and each note that is followed: it holds the sockets, which may
// sleep, and delivers what its log has for them.

import { DurableObject } from "cloudflare:workers";
import { call, frame, refuse } from "./core.js";
import { access, Delivery } from "./delivery.js";
import { Messages } from "./messages.js";
import { type Env, type Policy, policyOf, Unavailable } from "./origin.js";
import { Close, end, load, newSession, type Opening, save, send, type Session } from "./session.js";
import { Sweep } from "./sweep.js";
import { type Stream, Tail } from "./tail.js";

export class Topic extends DurableObject<Env> {
  private tails = new Map<boolean, Tail>();
  private delivery: Delivery;
  private messages: Messages;
  private sweep: Sweep;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.delivery = new Delivery(env);
    this.messages = new Messages(env);
    if (env.TRACE) console.log(`object ${state.id} wakes`);
    this.sweep = new Sweep(state.storage, Number(env.SWEEP_MS ?? 3000), Number(env.KEEP_MS ?? 3_600_000));
  }

  /** A new connection, or a hint. */
  override async fetch(request: Request): Promise<Response> {
    const opening = request.headers.get("Notewire-Open");
    if (opening !== null) return this.open(JSON.parse(decodeURIComponent(opening)) as Opening);
    await this.news(await request.json<{ seq: number }>());
    return new Response(null, { status: 204 });
  }

  /** Delivers what a hint tells of, to those who are there. */
  private async news(hint: { seq: number }): Promise<void> {
    const sockets = this.ctx.getWebSockets();
    if (sockets.length === 0) return;
    for (const stream of this.followed(sockets)) this.tail(stream).hint(hint.seq);
    await this.deliverAll(await this.policy());
    await this.sweep.soon();
  }

  private async open(o: Opening): Promise<Response> {
    try {
      return await (o.note ? this.openNote(o) : this.openAccount(o));
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      return refuse({ code: "unavailable", message: "The log cannot be read now; try again", retryAfterMs: 1000 });
    }
  }

  private async openAccount(o: Opening): Promise<Response> {
    const s = newSession(o);
    const tail = this.tail({ user: o.user, passersBy: false });
    const at = await this.place(tail, o.cursor);
    const refused = this.admit(o);
    if (refused) return refused;
    [s.epoch, s.after] = [tail.epoch, at.after];
    return this.accept(s, o, tail, (ws) => {
      if (!o.stream && !o.greeted) send(ws, s, frame("connection_established", { connectionId: s.id }));
      const members = { userId: s.user, connectionId: s.id, cursor: at.cursor, secret: o.secret, now: Date.now() };
      send(ws, s, frame("auth_success", members), at.cursor);
      if (at.gone) send(ws, s, frame("resync", { cursor: at.cursor, reason: at.gone }), at.cursor);
    });
  }

  private async openNote(o: Opening): Promise<Response> {
    const s = newSession(o);
    const now = await access(this.env, o.user, o.note, o.id);
    if (now instanceof Response) return now;
    const refused = this.admit(o);
    if (refused) return refused;
    [s.member, s.opened] = [now.member, now.version];
    const tail = this.tail({ note: o.note, passersBy: !now.member });
    if (tail.epoch !== now.epoch) await tail.look();
    tail.hint(now.version);
    const at = this.placeIn(tail, o.cursor);
    const whole = o.cursor === "" || at.gone !== undefined;
    [s.epoch, s.after] = [tail.epoch, whole ? now.version : at.after];
    return this.accept(s, o, tail, (ws) => {
      if (at.gone) send(ws, s, frame("resync", { cursor: at.cursor, reason: at.gone }), at.cursor);
      if (whole) send(ws, s, now.initial, now.cursor);
    });
  }

  /** Where a client goes on. Only one that brings no place that is known here needs the
   * origin. */
  private async place(tail: Tail, cursor: string): Promise<Place> {
    if (cursor !== "" && tail.epoch !== "") {
      const at = this.placeIn(tail, cursor);
      if (!at.gone && tail.holds(at.after)) {
        this.ctx.waitUntil(this.catchUp(tail.stream)); // hints to a log that nobody follows are not kept
        return at;
      }
    }
    await tail.look();
    return this.placeIn(tail, cursor);
  }

  private placeIn(tail: Tail, cursor: string): Place {
    return call<Place>("place", { cursor, epoch: tail.epoch, head: tail.head });
  }

  /** Bounds the connections of an account, here. */
  private admit(o: Opening): Response | undefined {
    const kind = kindOf(o);
    if (this.ctx.getWebSockets(kind).length < (o.stream ? o.policy.streams : o.policy.sockets)) return undefined;
    return refuse({ code: "rate_limited", message: "Maximum connections exceeded for this user", retryAfterMs: o.policy.heartbeatMs });
  }

  private async accept(s: Session, o: Opening, tail: Tail, greet: (ws: WebSocket) => void): Promise<Response> {
    const [client, ws] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
    this.ctx.acceptWebSocket(ws, [kindOf(o)]);
    save(ws, s);
    this.ctx.storage.kv.put("policy", o.policy);
    greet(ws);
    await this.sweep.soon();
    this.ctx.waitUntil(this.deliver(ws, tail, o.policy));
    return new Response(null, { status: 101, webSocket: client });
  }

  override async webSocketMessage(ws: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const policy = await this.policy();
    const s = load(ws);
    if (s.stream) {
      save(ws, { ...s, waiting: false });
      return this.deliver(ws, this.tail(streamOf(s)), policy);
    }
    if (await this.messages.handle(ws, data, policy)) {
      await this.catchUp(streamOf(s));
    }
    await this.sweep.soon();
  }

  override async webSocketClose(ws: WebSocket, code: number): Promise<void> {
    ws.close(code === 1005 || code === 1006 ? 1000 : code);
  }

  /** Looks for what nobody hinted at, ends what is too old, and shows that the rest lives. */
  override async alarm(): Promise<void> {
    this.sweep.fired();
    const sockets = this.ctx.getWebSockets();
    if (sockets.length === 0) return this.forget();
    const policy = await this.policy();
    let news = false;
    for (const stream of this.followed(sockets)) {
      const tail = this.tail(stream);
      const before = tail.end;
      if (!(await this.look(stream)) || tail.end !== before) news = true;
    }
    for (const ws of sockets) this.endIfStale(ws, policy);
    await this.deliverAll(policy);
    if (this.sweep.beats(policy.heartbeatMs)) {
      const pong = frame("pong", { now: Date.now() });
      for (const ws of sockets) if (!load(ws).stream) send(ws, load(ws), pong);
    }
    await this.sweep.again(news, policy.heartbeatMs);
  }

  /** The policy; while the origin is away, that of the last connection. */
  private async policy(): Promise<Policy> {
    try {
      return await policyOf(this.env);
    } catch (error) {
      const known = this.ctx.storage.kv.get<Policy>("policy");
      if (!known) throw error;
      return known;
    }
  }

  /** Keeps nothing of notes that nobody has followed for a while. */
  private async forget(): Promise<void> {
    if (await this.sweep.left()) return;
    this.tails.clear();
    await this.ctx.storage.deleteAll();
  }

  private endIfStale(ws: WebSocket, policy: Policy): void {
    const s = load(ws);
    if (s.issuedAt === 0 || Date.now() - s.issuedAt < policy.stalenessMs) return;
    end(ws, s, policy, Close.tokenExpired, "the token is too old", s.note ? undefined : frame("auth_failed", { expired: true }));
  }

  /** Reads what is new; false if the origin cannot be asked. */
  private async look(stream: Stream): Promise<boolean> {
    try {
      await this.tail(stream).look();
      return true;
    } catch (error) {
      return unlessUnavailable(error);
    }
  }

  private async catchUp(stream: Stream): Promise<void> {
    if (await this.look(stream)) await this.deliverAll(await this.policy());
  }

  private async deliverAll(policy: Policy): Promise<void> {
    await Promise.all(this.ctx.getWebSockets().map((ws) => this.deliver(ws, this.tail(streamOf(load(ws))), policy)));
  }

  private async deliver(ws: WebSocket, tail: Tail, policy: Policy): Promise<void> {
    try {
      await this.delivery.deliver(ws, tail, policy);
    } catch (error) {
      unlessUnavailable(error); // the next sweep goes on from its place
    }
  }

  private tail(stream: Stream): Tail {
    let tail = this.tails.get(stream.passersBy);
    if (!tail) {
      if (this.tails.size === 0) Tail.migrate(this.ctx.storage.sql);
      this.tails.set(stream.passersBy, (tail = new Tail(this.env, this.ctx.storage.sql, stream)));
    }
    return tail;
  }

  /** The logs that those sockets follow. */
  private followed(sockets: WebSocket[]): Stream[] {
    const streams = new Map(sockets.map((ws) => streamOf(load(ws))).map((stream) => [stream.passersBy, stream]));
    return [...streams.values()];
  }
}

interface Place {
  after: number;
  cursor: string;
  gone?: string;
}

/** A tag that counts connections of one account and kind. */
const kindOf = (o: Opening) => `${o.stream ? "stream" : "socket"}:${o.user}`;

const streamOf = (s: Session): Stream => (s.note ? { note: s.note, passersBy: !s.member } : { user: s.user, passersBy: false });

function unlessUnavailable(error: unknown): false {
  if (!(error instanceof Unavailable)) throw error;
  return false;
}
