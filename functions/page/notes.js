/** What a note means to the one who looks at it. */

/** @typedef {import('./store.js').Note} Note */

/** @param {Note} note @param {string} userId */
export function isOwner(note, userId) {
  return note.userId === userId;
}

/** @param {Note} note @param {string} userId */
export function isMember(note, userId) {
  return isOwner(note, userId) || userId in (note.roles ?? {});
}

/** @param {Note} note @param {string} userId */
export function mayWrite(note, userId) {
  return isOwner(note, userId) || note.roles?.[userId] === 'write';
}

/** @param {Note} note */
export function displayTitle(note) {
  return note.title?.trim() || firstLine(note) || 'Untitled';
}

/** What to show under the title: the first line that is not already the title. @param {Note} note */
export function snippet(note) {
  if (note.title?.trim()) return firstLine(note) || 'No text yet';
  return opening(note).trim().split('\n').slice(1).find((line) => line.trim()) ?? 'No text yet';
}

/** @param {Note} note */
function firstLine(note) {
  return /\S[^\n]*/.exec(opening(note))?.[0] ?? '';
}

/** Enough for two lines of a list; a note may have a megabyte. @param {Note} note */
function opening(note) {
  return (note.content ?? '').slice(0, 500);
}

/** @param {string} id @param {string} userId @returns {Note} a note that the server does not have yet */
export function blankNote(id, userId) {
  const now = Date.now();
  return {
    id, userId, version: 0, title: '', content: '', access: 'private', roles: {},
    deleted: false, starred: false, createdAt: now, updatedAt: now,
  };
}
