// What a connection gets of its log: every event, in order, from its own place.

import { call, errorFrame, frame, type Refusal } from "./core.js";
import { ask, type Env, type LogEvent, type Policy } from "./origin.js";
import { Close, end, load, save, send, type Session } from "./session.js";
import type { Tail } from "./tail.js";

/** What somebody is to a note now, and the note as he sees it. */
export interface Access {
  member: boolean;
  epoch: string;
  version: number;
  cursor: string;
  initial: string;
}

/** Asks what somebody is to a note; an answer that is not ok is the refusal. */
export async function access(env: Env, user: string, noteId: string, connectionId: string): Promise<Access | Response> {
  const answer = await ask(env, "access", { userId: user, noteId, connectionId });
  return answer.ok ? answer.json<Access>() : answer;
}

/** Delivers for one object. */
export class Delivery {
  private busy = new Map<string, boolean>(); // connections being served; true: look again after

  constructor(private env: Env) {}

  /** Sends a connection all there is. Throws Unavailable: then it goes on from its place. */
  async deliver(ws: WebSocket, tail: Tail, policy: Policy): Promise<void> {
    const { id } = load(ws);
    if (this.busy.has(id)) {
      this.busy.set(id, true);
      return;
    }
    try {
      do {
        this.busy.set(id, false);
        while (await this.page(ws, tail, policy));
      } while (this.busy.get(id));
    } finally {
      this.busy.delete(id);
    }
  }

  /** Sends a page of the log, and returns whether to go on. */
  private async page(ws: WebSocket, tail: Tail, policy: Policy): Promise<boolean> {
    let s = load(ws);
    if (ws.readyState !== WebSocket.OPEN || s.waiting) return false;
    const page = s.epoch === tail.epoch ? await tail.read(s.after) : "gone";
    s = load(ws); // a message may have changed it meanwhile
    if (ws.readyState !== WebSocket.OPEN) return false;
    if (s.epoch !== tail.epoch || page === "gone") return this.resync(ws, tail, policy);
    if (page === "end") {
      if (s.note && s.deleted) end(ws, s, policy, Close.normal, "Note deleted");
      return false;
    }
    for (const e of page.events) {
      const verdict = this.see(s, e);
      if (verdict === "gone") return this.resync(ws, tail, policy);
      if (verdict === "changed") return this.changed(ws, policy);
      const own = e.via === s.id && e.confirmation !== undefined;
      send(ws, s, own ? e.confirmation! : e.frame, e.cursor);
      s.after = e.seq;
      save(ws, s);
    }
    if (s.stream) {
      s.waiting = true;
      save(ws, s);
      ws.send("?"); // the stream answers when its client has taken all of it
    }
    return !s.stream;
  }

  /** What a connection may see of an event. */
  private see(s: Session, e: LogEvent): string {
    if (!s.note) return "give";
    const readers = e.readers as { deletes: boolean };
    s.deleted = readers.deletes;
    return call<{ verdict: string }>("see", { viewer: s.user, member: s.member, opened: s.opened, version: e.seq, readers }).verdict;
  }

  /** Tells a connection that its place is gone, and goes on at the head. */
  private async resync(ws: WebSocket, tail: Tail, policy: Policy): Promise<boolean> {
    await tail.look();
    const { user, note, id } = load(ws);
    const now = note ? await access(this.env, user, note, id) : undefined;
    const s = load(ws);
    const reason = s.epoch === tail.epoch ? "expired" : "epoch";
    s.epoch = tail.epoch;
    s.after = tail.head;
    s.deleted = false;
    if (now instanceof Response) return this.lost(ws, s, policy, now);
    if (now && now.member !== s.member) {
      end(ws, s, policy, Close.accessChanged, "access to the note changed");
      return false;
    }
    const cursor = call<{ cursor: string }>("place", { cursor: "", epoch: tail.epoch, head: tail.head }).cursor;
    send(ws, s, frame("resync", { cursor, reason }), cursor);
    if (now) {
      send(ws, s, now.initial, now.cursor);
      s.after = now.version;
      tail.hint(now.version);
    }
    save(ws, s);
    return true;
  }

  /** Ends the session of a reader who is no longer what he was: for good, unless he may read
   * the note as something else. */
  private async changed(ws: WebSocket, policy: Policy): Promise<boolean> {
    const s = load(ws);
    const now = await access(this.env, s.user, s.note, s.id);
    if (now instanceof Response) return this.lost(ws, s, policy, now);
    end(ws, s, policy, Close.accessChanged, "access to the note changed");
    return false;
  }

  private async lost(ws: WebSocket, s: Session, policy: Policy, refusal: Response): Promise<boolean> {
    const { error } = await refusal.json<{ error: Refusal }>();
    const { code, message } = error;
    end(ws, s, policy, Close.accessLost, "Unauthorized", errorFrame({ code, message, noteId: s.note }));
    return false;
  }
}
