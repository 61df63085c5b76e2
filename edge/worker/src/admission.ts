// Whether a request is welcome, and whose it is.

import { type Answer, call, refuse, response } from "./core.js";
import { type Login, signIn } from "./login.js";
import type { Policy } from "./origin.js";

/** A request that is welcome. */
export interface Visitor {
  policy: Policy;
  cors: Record<string, string>;
  sameOrigin: boolean; // its page is the edge's own
  anybody: boolean; // without a token it acts as the local user
}

interface AdmitOut {
  refused?: Answer;
  allowOrigin?: string;
  sameOrigin?: boolean;
  anybody?: boolean;
}

export function admit(request: Request, policy: Policy): Visitor | Response {
  const out = call<AdmitOut>("admit", {
    url: request.url,
    origin: request.headers.get("Origin") ?? "",
    fetchSite: request.headers.get("Sec-Fetch-Site") ?? "",
    local: policy.local,
    origins: policy.origins ?? [],
  });
  if (out.refused) return response(out.refused);
  const cors: Record<string, string> = {};
  if (out.allowOrigin !== undefined) {
    cors["Vary"] = "Origin";
    cors["Access-Control-Allow-Origin"] = out.allowOrigin;
    cors["Access-Control-Expose-Headers"] = "Retry-After";
  }
  return { policy, cors, sameOrigin: out.sameOrigin ?? false, anybody: out.anybody ?? false };
}

/** The token that a request shows, or undefined. Where a browser can send no header, it is a
 * WebSocket subprotocol. */
export function bearer(request: Request): string | undefined {
  const header = request.headers.get("Authorization");
  if (header) {
    const [scheme, ...rest] = header.split(" ");
    return scheme?.toLowerCase() === "bearer" ? rest.join(" ").trim() : "";
  }
  const offered = (request.headers.get("Sec-WebSocket-Protocol") ?? "").split(",").map((p) => p.trim());
  return offered.find((p) => p.startsWith("bearer."))?.slice("bearer.".length);
}

/** Who asks: nobody is an empty user. A token that is shown must be good. */
export async function viewer(request: Request, visitor: Visitor): Promise<Login | Response> {
  const token = bearer(request);
  if (token === undefined) return { user: visitor.anybody ? "local" : "", issuedAt: 0 };
  const verdict = await signIn(visitor.policy, token, false);
  if (!("refused" in verdict)) return verdict;
  if (verdict.refused === "unavailable") {
    return refuse({ code: "unavailable", message: "The token cannot be checked now; try again", retryAfterMs: 1000 }, visitor.cors);
  }
  const message = verdict.refused === "expired" ? "Token expired" : "Authentication failed";
  return refuse({ code: "unauthenticated", message }, visitor.cors);
}

/** Where the client wants its stream to go on. */
export function cursorOf(request: Request): string {
  const cursor = request.headers.get("Last-Event-ID") || new URL(request.url).searchParams.get("cursor") || "";
  return cursor.length > 128 ? "malformed" : cursor;
}
