/** Far more than a list can usefully show; the rest is reached by its address. */
const MOST_PAGES = 40;

/**
 * Loads the notes and the trash into the store.
 * @param {import('./api.js').Api} api
 * @param {import('./store.js').NotesStore} store
 * @returns {Promise<import('./cursor.js').Cursor>} taken before the lists: following the log from there misses nothing
 */
export async function loadLibrary(api, store) {
  const listed = new Set();
  const cursor = await loadList(api, store, false, listed);
  await loadList(api, store, true, listed);
  store.finishLoading(listed, cursor);
  return cursor;
}

async function loadList(api, store, deleted, listed) {
  const first = await api.listNotes({ deleted });
  let page = first;
  for (let count = 1; ; count++) {
    for (const note of page.notes) {
      store.put(note, first.cursor);
      listed.add(note.id);
    }
    if (!page.nextCursor || count === MOST_PAGES) return first.cursor;
    page = await api.listNotes({ deleted, after: page.nextCursor });
  }
}
