// Requests between edge and origin are signed, over method, path, time and body.

const timeHeader = "Notewire-Edge-Time";
const signatureHeader = "Notewire-Edge-Signature";
const windowMs = 30_000;

const text = new TextEncoder();

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, "0")).join("");
}

function unhex(digits: string): Uint8Array {
  return /^([0-9a-f]{2})*$/.test(digits) ? Uint8Array.from(digits.match(/../g) ?? [], (d) => parseInt(d, 16)) : new Uint8Array();
}

function key(secret: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", text.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}

async function signed(method: string, path: string, at: string, body: Uint8Array): Promise<Uint8Array> {
  return text.encode(`${method}\n${path}\n${at}\n${hex(await crypto.subtle.digest("SHA-256", body))}`);
}

/** The headers that sign a request. */
export async function sign(secret: string, method: string, path: string, body: Uint8Array): Promise<Record<string, string>> {
  const at = String(Date.now());
  const signature = await crypto.subtle.sign("HMAC", await key(secret), await signed(method, path, at, body));
  return { [timeHeader]: at, [signatureHeader]: hex(signature) };
}

/** Whether a request is signed by who knows the secret, within 30 s. */
export async function verify(secret: string, request: Request, body: Uint8Array): Promise<boolean> {
  const at = request.headers.get(timeHeader) ?? "";
  if (!/^\d{1,15}$/.test(at) || Math.abs(Date.now() - Number(at)) > windowMs) return false;
  const given = unhex(request.headers.get(signatureHeader) ?? "");
  const data = await signed(request.method, new URL(request.url).pathname, at, body);
  return crypto.subtle.verify("HMAC", await key(secret), given, data); // in constant time
}
