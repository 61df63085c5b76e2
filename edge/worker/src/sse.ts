// A stream of events. It is answered here and not by its object, which could then never
// sleep: between them is a socket.

import { withHeaders } from "./core.js";
import { open } from "./open.js";
import type { Env, Policy } from "./origin.js";
import type { Opening } from "./session.js";

const piece = 64 * 1024; // what a client must take within a write deadline

/** Answers with the events of a connection, or with why there are none. */
export async function stream(env: Env, o: Opening, lastId: string, cors: Record<string, string>): Promise<Response> {
  const answer = await open(env, o);
  if (!answer.webSocket) return withHeaders(answer, cors);
  const { readable, writable } = new IdentityTransformStream();
  new Bridge(answer.webSocket, writable.getWriter(), o.policy, lastId);
  return new Response(readable, {
    headers: { ...cors, "Content-Type": "text/event-stream", "Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no" },
  });
}

class Bridge {
  private turn: Promise<void> = Promise.resolve();
  private heartbeat: ReturnType<typeof setInterval>;
  private encoder = new TextEncoder();

  constructor(private ws: WebSocket, private writer: WritableStreamDefaultWriter<Uint8Array>, private policy: Policy, private lastId: string) {
    let retry = Math.floor((policy.streamComebackMs * (1 + Math.random())) / 2); // so that not all come back at once
    ws.addEventListener("message", (e) => {
      if (e.data === "?") return this.then(async () => ws.send("!"));
      const text = e.data as string;
      const line = text.indexOf("\n");
      const once = retry;
      retry = 0;
      this.then(() => this.event(text.slice(0, line), text.slice(line + 1), once));
    });
    ws.addEventListener("close", () => {
      clearInterval(this.heartbeat);
      this.then(() => this.writer.close());
    });
    this.heartbeat = setInterval(() => this.then(() => this.write(":hb\n\n")), policy.heartbeatMs);
    ws.accept();
  }

  private then(f: () => Promise<void>): void {
    this.turn = this.turn.then(f);
    this.turn.catch((error) => this.abandon(error));
  }

  private event(cursor: string, data: string, retry: number): Promise<void> {
    if (cursor) this.lastId = cursor;
    const id = this.lastId ? `id: ${this.lastId}\n` : "";
    return this.write(`${id}data: ${data}\n${retry ? `retry: ${retry}\n` : ""}\n`);
  }

  /** Writes, and waits until the client took it. */
  private async write(text: string): Promise<void> {
    const bytes = this.encoder.encode(text);
    for (let at = 0; at < bytes.length; at += piece) {
      let timer: ReturnType<typeof setTimeout> | null = null;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error("the client does not read")), this.policy.streamWriteMs);
      });
      try {
        await Promise.race([this.writer.write(bytes.subarray(at, at + piece)), late]);
      } finally {
        clearTimeout(timer);
      }
    }
  }

  /** Ends what cannot go on: the client comes back with its cursor. */
  private abandon(error: unknown): void {
    clearInterval(this.heartbeat);
    void this.writer.abort(error).catch(() => {});
    try {
      this.ws.close(1000, "the client has left");
    } catch {
      // so has the object
    }
  }
}
