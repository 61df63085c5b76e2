import { Api } from './api.js';
import { byId } from './dom.js';
import { Editor } from './editor.js';
import { FrameLog } from './frames.js';
import { History } from './history.js';
import { Identity } from './identity.js';
import { Inspector } from './inspector.js';
import { loadLibrary } from './library.js';
import { NoteList } from './list.js';
import { showError, showNotice } from './notices.js';
import { displayTitle } from './notes.js';
import { Outbox } from './outbox.js';
import { Route } from './route.js';
import { readSetting } from './settings.js';
import { ShareDialog } from './share.js';
import { NotesStore } from './store.js';
import { Stream } from './stream.js';
import { keepTimesFresh } from './time.js';
import { Topbar } from './topbar.js';

const choices = { user: readSetting('user'), transport: readSetting('transport') };
const me = choices.user;

const log = new FrameLog();
const identity = new Identity(me);
const api = new Api(identity, log);
const store = new NotesStore();
const outbox = new Outbox(api, store);
const route = new Route();

const stream = new Stream(choices.transport, {
  load,
  token: () => identity.token(),
  tokenRefused: () => identity.forget(),
  deliver,
  report: showStatus,
  log,
});

const topbar = new Topbar(choices, {
  use: (transport) => stream.use(transport),
  retry: () => stream.connect(),
});
const list = new NoteList(store, me, { open: (noteId) => route.open(noteId), star: toggleStar });
const share = new ShareDialog(api, store, me);
const editor = new Editor(store, outbox, me, {
  back: () => route.close(),
  share: (note) => share.open(note),
  trash,
  restore,
});
const versions = new History(api, store, me, revert);
new Inspector(log);

route.onChange(showNote);
byId('new-note').addEventListener('click', newNote);
keepTimesFresh();
watchTheTab();
showNote(route.noteId);
stream.connect();

/** Loads the lists, and the open note when it is in neither: a public one of somebody else. */
async function load() {
  const cursor = await loadLibrary(api, store);
  if (route.noteId && !store.note(route.noteId)) await fetchNote(route.noteId);
  return cursor;
}

/** A note that may not be read is shown as not being here. */
async function fetchNote(noteId) {
  try {
    store.put(await api.note(noteId));
  } catch (error) {
    if (error.isTransient) showError(error);
  }
}

function deliver(frame) {
  if (frame.type === 'error') return showError(frame);
  if (frame.type === 'note_deleted_sync' && frame.reason === 'trashed' && !store.note(frame.noteId)) fetchNote(frame.noteId);
  store.applyEvent(frame);
}

function showStatus(status) {
  topbar.showStatus(status);
  if (status.state === 'live') outbox.flushAll();
}

function showNote(noteId) {
  byId('panes').dataset.pane = noteId ? 'editor' : 'list';
  list.markOpen(noteId);
  editor.open(noteId);
  versions.show(noteId);
  topbar.linkSecondTab();
  if (noteId && store.isLoaded && !store.note(noteId)) fetchNote(noteId);
}

function newNote() {
  list.show({ trash: false });
  route.open(outbox.create(me));
  editor.focusTitle();
}

/** The star answers at once, and takes it back when the server refuses. */
async function toggleStar({ id, starred }) {
  store.patch(id, { starred: !starred });
  const done = await mutate(() => api.organise(id, { starred: !starred }));
  if (!done) store.patch(id, { starred });
}

async function trash(note) {
  outbox.flush(note.id);
  if (!await mutate(() => api.trash(note.id))) return;
  route.close();
  showNotice(`“${displayTitle(note)}” is in the trash.`, { label: 'Undo', run: () => restore(note) });
}

async function restore(note) {
  const done = await mutate(() => api.restore(note.id));
  if (!done) return;
  list.show({ trash: false });
  route.open(note.id);
}

function revert(noteId, version) {
  return mutate(() => api.revert(noteId, version));
}

/** @param {() => Promise<any>} request @returns {Promise<boolean>} whether the server did it */
async function mutate(request) {
  try {
    store.putAnswer(await request());
    return true;
  } catch (error) {
    showError(error);
    return false;
  }
}

function watchTheTab() {
  addEventListener('online', () => stream.connect());
  addEventListener('pagehide', () => outbox.flushAll());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) outbox.flushAll();
    else stream.wake();
  });
  addEventListener('beforeunload', (event) => {
    outbox.flushAll();
    if (outbox.isAtRisk) event.preventDefault();
  });
  addEventListener('keydown', (event) => {
    if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    outbox.flushAll();
  });
}
