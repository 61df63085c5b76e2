// The rules, which are Go: JSON in, JSON out, by name (edge/core says what each does). One
// instance serves all requests of an isolate, because calls are synchronous and keep nothing.

import module from "./core.wasm";
import { wasi } from "./wasi.js";

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  input(size: number): number;
}

const notThere = 52; // ENOSYS
let instance: Exports | undefined;

function load(): Exports {
  if (!instance) {
    const functions = wasi(() => loaded.memory);
    const names = WebAssembly.Module.imports(module).map((i) => i.name);
    const imports = Object.fromEntries(names.map((name) => [name, functions[name] ?? (() => notThere)]));
    const loaded = new WebAssembly.Instance(module, { wasi_snapshot_preview1: imports }).exports as unknown as Exports;
    loaded._initialize();
    instance = loaded;
  }
  return instance;
}

/** Calls a function with bytes. A trap is a bug: the instance is dropped, and the next call
 * has a new one. */
export function callBytes(name: string, input: Uint8Array): Uint8Array {
  try {
    const core = load();
    const f = (core as unknown as Record<string, ((size: number) => bigint) | undefined>)[name];
    if (!f) throw new Error(`the core has no ${name}`);
    const at = core.input(input.length);
    new Uint8Array(core.memory.buffer, at, input.length).set(input);
    const answer = BigInt.asUintN(64, f(input.length));
    return new Uint8Array(core.memory.buffer, Number(answer >> 32n), Number(answer & 0xffffffffn)).slice();
  } catch (error) {
    instance = undefined;
    throw error;
  }
}

/** Calls a function with values. */
export function call<Out>(name: string, input: object): Out {
  const out = callBytes(name, new TextEncoder().encode(JSON.stringify(input)));
  const answer = JSON.parse(new TextDecoder().decode(out)) as Out & { fault?: string };
  if (answer.fault !== undefined) throw new Error(answer.fault);
  return answer;
}

/** A frame outside of the log. */
export function frame(type: string, members: object = {}): string {
  return call<{ frame: string }>("down", { type, ...members }).frame;
}

/** What is said to somebody who is refused. */
export interface Refusal {
  code: string;
  message: string;
  retryAfterMs?: number;
  noteId?: string;
  folderId?: string;
  mutationId?: string;
  account?: boolean;
}

export function errorFrame(error: Refusal): string {
  return frame("error", { error });
}

export interface Answer {
  status: number;
  body: string;
  retryAfter?: number;
}

export function response(answer: Answer, headers: HeadersInit = {}): Response {
  const all = new Headers(headers);
  all.set("Content-Type", "application/json");
  if (answer.status === 401) all.set("WWW-Authenticate", 'Bearer realm="notewire"');
  if (answer.retryAfter) all.set("Retry-After", String(answer.retryAfter));
  return new Response(answer.body, { status: answer.status, headers: all });
}

/** An answer with more headers. */
export function withHeaders(answer: Response, more: Record<string, string>): Response {
  const headers = new Headers(answer.headers);
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  return new Response(answer.body, { status: answer.status, headers });
}

/** A refusal as an HTTP answer. */
export function refuse(refusal: Refusal, headers: HeadersInit = {}): Response {
  return response(call<Answer>("refuse", refusal), headers);
}
