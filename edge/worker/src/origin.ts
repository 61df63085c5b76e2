// What the edge asks the origin, which alone decides and commits.

import { sign } from "./sign.js";

export interface Env {
  ORIGIN: string; // the origin's address
  EDGE_SECRET: string;
  ADDRESS_HEADER?: string; // the header that says where clients are: on Cloudflare CF-Connecting-IP
  SWEEP_MS?: string; // the shortest time between looks for what no push told; default 3000
  KEEP_MS?: string; // how long a log is kept that nobody follows; default an hour
  TRACE?: string; // if it is set, objects say in the log when they wake
  TOPIC: DurableObjectNamespace;
}

/** The origin cannot be asked, or cannot answer. */
export class Unavailable extends Error {}

const timeoutMs = 20_000; // longer than the origin gives a commit

/** Asks, and returns what the origin says, a refusal too. */
export async function ask(env: Env, what: string, question: object): Promise<Response> {
  const path = `/edge/${what}`;
  const body = new TextEncoder().encode(JSON.stringify(question));
  const headers = { "Content-Type": "application/json", ...(await sign(env.EDGE_SECRET, "POST", path, body)) };
  let answer: Response;
  try {
    answer = await fetch(env.ORIGIN + path, { method: "POST", headers, body, signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    throw away(`${path}: ${error}`);
  }
  if (answer.status >= 500) {
    await answer.body?.cancel();
    throw away(`${path}: ${answer.status}`);
  }
  if (isAway) console.log("the origin is back");
  isAway = false;
  return answer;
}

let isAway = false;

/** Says once that the origin is away. */
function away(why: string): Unavailable {
  if (!isAway) console.warn("the origin cannot be asked:", why);
  isAway = true;
  return new Unavailable(why);
}

/** Asks for what only a mistake could refuse. */
export async function askFor<T>(env: Env, what: string, question: object): Promise<T> {
  const answer = await ask(env, what, question);
  if (!answer.ok) throw new Unavailable(`/edge/${what}: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
  return answer.json<T>();
}

/** The origin's configuration, as far as it is the edge's too. Times are in milliseconds. */
export interface Policy {
  token: { issuer: string; parties: string[]; audiences: string[]; leewayMs: number; keys: object[]; keysUrl?: string };
  local: boolean;
  origins: string[];
  messages: number;
  messagesPerMs: number;
  messageBytes: number;
  sockets: number;
  streams: number;
  authTimeoutMs: number;
  heartbeatMs: number;
  stalenessMs: number;
  comebackMs: number;
  streamComebackMs: number;
  streamWriteMs: number;
}

const policyMs = 60_000;
let cached: { policy: Policy; at: number } | undefined;

/** The policy, at most a minute old; older only while the origin cannot be asked. */
export async function policyOf(env: Env): Promise<Policy> {
  if (cached && Date.now() - cached.at < policyMs) return cached.policy;
  try {
    cached = { policy: await askFor<Policy>(env, "policy", {}), at: Date.now() };
  } catch (error) {
    if (!cached) throw error;
  }
  return cached.policy;
}

/** An event of a log, with the frame that everybody gets. */
export interface LogEvent {
  seq: number;
  cursor: string;
  frame: string;
  via?: string;
  confirmation?: string; // what the connection via gets instead
  hides?: boolean; // the log may now tell less of what came before
  readers?: object; // of a note's log: who may read this version
}

export interface LogPage {
  epoch: string;
  head: number;
  events: LogEvent[];
}
