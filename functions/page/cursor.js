/**
 * A cursor is a place in the account's log: an opaque epoch, then the sequence after the last dash.
 * Sequences of different epochs cannot be compared.
 * @typedef {string} Cursor
 */

/** @param {Cursor} cursor */
function sequence(cursor) {
  return Number(cursor.slice(cursor.lastIndexOf('-') + 1));
}

/** @param {Cursor} cursor */
function epoch(cursor) {
  return cursor.slice(0, cursor.lastIndexOf('-'));
}

/** @param {Cursor} a @param {Cursor} b */
export function sameEpoch(a, b) {
  return epoch(a) === epoch(b);
}

/**
 * Whether `cursor` is past `applied`. Anything is past "nothing applied yet" and past another epoch.
 * @param {Cursor} cursor
 * @param {Cursor | null} applied
 */
export function isPast(cursor, applied) {
  return !applied || !sameEpoch(cursor, applied) || sequence(cursor) > sequence(applied);
}
