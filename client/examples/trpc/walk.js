// A walk through the tRPC API with the stock client: create, edit, list, history, revert, and errors.
//
//   node trpc/walk.js http://localhost:3000 [token]
import assert from 'node:assert/strict';
import { createTRPCClient, httpBatchLink, httpLink, TRPCClientError } from '@trpc/client';

const [url = 'http://localhost:3000', token] = process.argv.slice(2);
const headers = token ? { Authorization: `Bearer ${token}` } : {};

for (const [name, link] of Object.entries({ httpLink, httpBatchLink })) {
  /** @type {import('@trpc/client').TRPCClient<import('./router.ts').AppRouter>} */
  const trpc = createTRPCClient({ links: [link({ url: `${url}/api/v1`, headers })] });
  await walk(trpc, `walk-${name}-${Date.now()}`);
  /** @type {typeof trpc} */
  const nobody = createTRPCClient({ links: [link({ url: `${url}/api/v1`, headers: { Authorization: 'Bearer nobody' } })] });
  await refused(nobody.listNotes.query({}), 'UNAUTHORIZED', 401, 'Authentication failed');
  console.log(`${name}: ok`);
}

/**
 * @param {import('@trpc/client').TRPCClient<import('./router.ts').AppRouter>} trpc
 * @param {string} id
 */
async function walk(trpc, id) {
  const created = await trpc.createNote.mutate({ id, title: 'Plan', blob: { elements: [1] } });
  assert.equal(created.version, 1);
  assert.equal(created.access, 'private');

  const edited = await trpc.updateNote.mutate({ id, blob: { elements: [1, 2] }, expectedVersion: 1, mutationId: `${id}-m` });
  assert.deepEqual([edited.version, edited.title, edited.blob], [2, 'Plan', { elements: [1, 2] }]);
  // An answer that was lost may be asked for again: the edit is done once.
  assert.deepEqual(await trpc.updateNote.mutate({ id, blob: { elements: [1, 2] }, expectedVersion: 1, mutationId: `${id}-m` }), edited);

  await trpc.trackBoardAccess.mutate({ noteId: id });
  // What is asked for at the same time is one request with httpBatchLink.
  const [note, list, history, first] = await Promise.all([
    trpc.getNote.query({ id }), trpc.listNotes.query({ search: 'plan', limit: 50 }),
    trpc.getHistory.query({ id, direction: 'asc' }), trpc.getVersion.query({ id, version: 1 }),
  ]);
  assert.equal(note?.version, 2);
  assert.equal(list.items[0]?.noteId, id);
  assert.equal(list.items[0]?.version, 2);
  assert.deepEqual(history.items.map((entry) => [entry.version, entry.meta]), [[1, null], [2, null]]);
  assert.deepEqual(first?.blob, { elements: [1] });

  const reverted = await trpc.revertToVersion.mutate({ id, version: 1 });
  assert.deepEqual([reverted.version, reverted.blob], [3, { elements: [1] }]);
  const last = await trpc.getVersion.query({ id, version: 3 });
  assert.deepEqual(last?.meta, { revertedFrom: 1 });

  assert.equal((await trpc.toggleShare.mutate({ id })).access, 'public');
  assert.equal((await trpc.toggleShare.mutate({ id })).access, 'private');

  await refused(trpc.createNote.mutate({ id, blob: 1 }), 'CONFLICT', 409, 'Note ID already exists');
  await refused(trpc.updateNote.mutate({ id, blob: 1, expectedVersion: 1 }), 'CONFLICT', 409, 'Version mismatch');
  await refused(trpc.revertToVersion.mutate({ id, version: 99 }), 'BAD_REQUEST', 400, 'Version not found');
  await refused(trpc.updateNote.mutate({ id: 'none-of-these', blob: 1 }), 'NOT_FOUND', 404, 'Note not found');
  // @ts-expect-error: there is no such procedure
  await refused(trpc.nothing.query({}), 'NOT_FOUND', 404, 'No procedure found on path "nothing"');
  const mixed = await Promise.allSettled([trpc.getNote.query({ id }), trpc.getHistory.query({ id: 'none-of-these' })]);
  assert.deepEqual(mixed.map((one) => one.status), ['fulfilled', 'rejected']);

  await trpc.deleteNote.mutate({ id });
  assert.equal(await trpc.getNote.query({ id }), null);
}

/**
 * Checks that a call fails as a TRPCClientError with that code.
 * @param {Promise<unknown>} call
 * @param {string} code
 * @param {number} status
 * @param {string} message
 */
async function refused(call, code, status, message) {
  const error = await call.then(() => assert.fail(`expected ${code}`), (reason) => reason);
  assert(error instanceof TRPCClientError, String(error));
  assert.deepEqual([error.data.code, error.data.httpStatus, error.message], [code, status, message]);
}
