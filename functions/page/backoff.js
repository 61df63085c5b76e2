const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * Full jitter: clients that lost the same server do not come back in the same moment.
 * @param {number} failures in a row, before this wait
 * @returns {number} milliseconds to wait
 */
export function backoff(failures) {
  return Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
}
