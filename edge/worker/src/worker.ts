// The edge: routes like the server's. Streams and sockets end here; all else goes on to the
// origin.

import { Unsigned } from "./account.js";
import { admit, bearer, cursorOf, viewer, type Visitor } from "./admission.js";
import { refuse, withHeaders } from "./core.js";
import { open, topic } from "./open.js";
import { type Env, policyOf, Unavailable } from "./origin.js";
import type { Opening } from "./session.js";
import { verify } from "./sign.js";
import { stream } from "./sse.js";

export { Topic } from "./topic.js";

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const path = new URL(request.url).pathname;
    try {
      if (path.startsWith("/edge/")) return await fromOrigin(request, env, path);
      const visitor = admit(request, await policyOf(env));
      if (visitor instanceof Response) return visitor;
      return await route(request, env, path, visitor);
    } catch (error) {
      if (!(error instanceof Unavailable)) {
        console.error("a request failed", error instanceof Error ? error.stack : error);
        return refuse({ code: "internal", message: "Internal error" });
      }
      return refuse({ code: "unavailable", message: "The origin cannot answer now; try again", retryAfterMs: 1000 });
    }
  },
};

function route(request: Request, env: Env, path: string, visitor: Visitor): Promise<Response> {
  const upgrade = request.headers.get("Upgrade")?.toLowerCase() === "websocket";
  const read = request.method === "GET" || request.method === "POST";
  const note = /^\/(?:ws\/note\/([^/]+)|api\/notes\/([^/]+)\/events)$/.exec(path);
  switch (true) {
    case upgrade && (path === "/" || path === "/ws"):
      return accountSocket(request, env, visitor);
    case upgrade && note?.[1] !== undefined:
      return noteSocket(request, env, visitor, idIn(note[1]));
    case read && path === "/api/events":
      return accountEvents(request, env, visitor);
    case read && note?.[2] !== undefined:
      return noteEvents(request, env, visitor, idIn(note[2]));
  }
  return forward(request, env, visitor);
}

/** The id in a path, which the origin judges. */
function idIn(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function opening(request: Request, env: Env, v: Visitor, rest: Partial<Opening>): Opening {
  return {
    id: crypto.randomUUID(), user: "", issuedAt: 0, note: "", address: addressOf(request, env), cursor: cursorOf(request), stream: false, greeted: false,
    anybody: v.anybody, secret: "", policy: v.policy, ...rest,
  };
}

/** The answer that opens a socket: of what is offered, one is chosen. */
function upgraded(request: Request, webSocket: WebSocket): Response {
  const offered = (request.headers.get("Sec-WebSocket-Protocol") ?? "").split(",").map((p) => p.trim());
  const headers: Record<string, string> = offered.includes("notewire.v1") ? { "Sec-WebSocket-Protocol": "notewire.v1" } : {};
  return new Response(null, { status: 101, webSocket, headers });
}

async function accountSocket(request: Request, env: Env, v: Visitor): Promise<Response> {
  const o = opening(request, env, v, {});
  if (bearer(request) !== undefined) {
    const login = await viewer(request, v);
    if (login instanceof Response) return login;
    const answer = await open(env, { ...o, ...login, secret: crypto.randomUUID() });
    return answer.webSocket ? upgraded(request, answer.webSocket) : withHeaders(answer, v.cors);
  }
  const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
  new Unsigned(server, env, { ...o, greeted: true }, v.policy);
  return upgraded(request, client);
}

async function noteSocket(request: Request, env: Env, v: Visitor, note: string): Promise<Response> {
  const login = await viewer(request, v);
  if (login instanceof Response) return login;
  const answer = await open(env, opening(request, env, v, { ...login, note }));
  return answer.webSocket ? upgraded(request, answer.webSocket) : withHeaders(answer, v.cors);
}

async function accountEvents(request: Request, env: Env, v: Visitor): Promise<Response> {
  const login = await viewer(request, v);
  if (login instanceof Response) return login;
  if (login.user === "") return refuse({ code: "unauthenticated", message: "Authentication required" }, v.cors);
  return stream(env, opening(request, env, v, { ...login, stream: true }), lastEventId(request), v.cors);
}

async function noteEvents(request: Request, env: Env, v: Visitor, note: string): Promise<Response> {
  const login = await viewer(request, v);
  if (login instanceof Response) return login;
  return stream(env, opening(request, env, v, { ...login, note, stream: true }), lastEventId(request), v.cors);
}

/** What frames outside of the log repeat: only what cannot break a line. */
function lastEventId(request: Request): string {
  const id = request.headers.get("Last-Event-ID") ?? "";
  return /^[0-9A-Za-z._-]*$/.test(id) ? id : "";
}

/** Where the client is, as what is in front of the edge says. */
function addressOf(request: Request, env: Env): string {
  return (env.ADDRESS_HEADER && request.headers.get(env.ADDRESS_HEADER)) || "";
}

/** Sends a request on as it is, but that the edge's own pages are the origin's own. */
async function forward(request: Request, env: Env, v: Visitor): Promise<Response> {
  const url = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.delete("X-Forwarded-For"); // an origin that trusts the edge must not trust its clients
  const address = addressOf(request, env);
  if (address) headers.set("X-Forwarded-For", address);
  if (v.sameOrigin) headers.set("Origin", new URL(env.ORIGIN).origin);
  try {
    return await fetch(env.ORIGIN + url.pathname + url.search, { method: request.method, headers, body: request.body, redirect: "manual" });
  } catch (error) {
    throw new Unavailable(String(error));
  }
}

const maxHints = 1 << 20; // bytes

/** What the origin says: which logs have grown. */
async function fromOrigin(request: Request, env: Env, path: string): Promise<Response> {
  if (path !== "/edge/push" || request.method !== "POST" || Number(request.headers.get("Content-Length") ?? 0) > maxHints) {
    return refuse({ code: "not_found", message: "Not Found" });
  }
  const body = new Uint8Array(await request.arrayBuffer());
  if (!(await verify(env.EDGE_SECRET, request, body))) {
    return refuse({ code: "unauthenticated", message: "Only the origin may say this, and signs what it says" });
  }
  const { hints } = JSON.parse(new TextDecoder().decode(body)) as { hints: { user?: string; note?: string; seq: number }[] };
  await Promise.all(hints.map((h) => topic(env, h).fetch("http://topic/", { method: "POST", body: JSON.stringify({ seq: h.seq }) })));
  return new Response(null, { status: 204 });
}
