/**
 * The one region in which two texts differ: what is before and after it is the same in both.
 * @param {string} before
 * @param {string} after
 * @returns {{start: number, endBefore: number, endAfter: number} | null} null when they are equal
 */
export function changedRegion(before, after) {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { start, endBefore: before.length - tail, endAfter: after.length - tail };
}

/**
 * A text with one region marked.
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @returns {(Node | string)[]}
 */
export function withMark(text, start, end) {
  const mark = document.createElement('mark');
  mark.textContent = text.slice(start, end);
  return [text.slice(0, start), mark, text.slice(end)];
}
