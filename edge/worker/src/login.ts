// Whose token it is. The core judges; here are only the issuer's keys.

import { call } from "./core.js";
import type { Policy } from "./origin.js";

/** Who signed in. An empty user is a passer-by; issuedAt 0 does not get stale. */
export interface Login {
  user: string;
  issuedAt: number;
}

export type Verdict = Login | { refused: "expired" | "invalid" | "unavailable" };

interface TokenOut {
  userId?: string;
  issuedAt?: number;
  refused?: string;
  expired?: boolean;
}

const keysMs = 3_600_000; // how long published keys are believed
const refetchMs = 30_000; // the shortest time between two fetches
let published: { url: string; keys: object[]; at: number; triedAt: number } | undefined;

async function keysOf(url: string): Promise<object[]> {
  const now = Date.now();
  if (!published || published.url !== url) published = { url, keys: [], at: 0, triedAt: 0 };
  if (now - published.triedAt < refetchMs) return published.keys;
  published.triedAt = now;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
    const set = await answer.json<{ keys?: Record<string, unknown>[] }>();
    if (!answer.ok || !Array.isArray(set.keys)) throw new Error(`${url}: ${answer.status}`);
    published.keys = set.keys.map((k) => pick(k));
    published.at = now;
  } catch (error) {
    console.warn("the issuer's keys cannot be fetched", String(error));
  }
  return published.keys;
}

function pick(key: Record<string, unknown>): object {
  const text = (name: string) => (typeof key[name] === "string" ? key[name] : "");
  return { kty: text("kty"), kid: text("kid"), alg: text("alg"), use: text("use"), n: text("n"), e: text("e") };
}

/** Judges a token. anybody says that without one the request acts as the local user. */
export async function signIn(policy: Policy, token: string, anybody: boolean): Promise<Verdict> {
  if (token === "" && anybody) return { user: "local", issuedAt: 0 };
  const { keys, keysUrl, ...rules } = policy.token;
  const check = (with_: object[]) =>
    call<TokenOut>("token", { token, now: Date.now(), keys: with_, policy: { ...rules, oneKey: keysUrl === undefined } });
  let known = keys;
  if (keysUrl !== undefined) {
    known = published?.url === keysUrl && Date.now() - published.at < keysMs ? published.keys : await keysOf(keysUrl);
  }
  let out = check(known);
  if (out.refused === "key" && keysUrl !== undefined) out = check((known = await keysOf(keysUrl)));
  if (out.refused === "key" && known.length === 0) return { refused: "unavailable" };
  if (out.refused !== undefined) return { refused: out.expired ? "expired" : "invalid" };
  return { user: out.userId ?? "", issuedAt: out.issuedAt ?? 0 };
}

