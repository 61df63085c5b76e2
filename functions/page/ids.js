/** How many own mutations are remembered; their echoes arrive within seconds. */
const REMEMBERED = 500;

/** @type {Set<string>} */
const ownMutations = new Set();

/** A UUIDv7. `crypto.randomUUID` is not used: browsers withhold it from plain-http pages off loopback. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(Date.now()) << 16n | BigInt(bytes[6] << 8 | bytes[7]));
  bytes[6] = bytes[6] & 0x0f | 0x70;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** An id for a mutation of this tab, so that its echo on the stream is recognised. */
export function newMutationId() {
  const id = newId();
  ownMutations.add(id);
  const [oldest] = ownMutations;
  if (ownMutations.size > REMEMBERED) ownMutations.delete(oldest);
  return id;
}

/** @param {string | undefined} id */
export function isOwnMutation(id) {
  return id !== undefined && ownMutations.has(id);
}
