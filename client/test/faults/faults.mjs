/**
 * One fault that an ancestor of this client had, and how this client is made to have it.
 *
 * @typedef {object} Fault
 * @property {string} name what its tests are called by
 * @property {string} did what the ancestor did
 * @property {string} file where the client does better
 * @property {string} text what is replaced there: it has to be there once
 * @property {string} fault what it is replaced with: any JavaScript, types are not checked
 * @property {Readonly<Record<string, string>>} found the tests that have to fail: those of a file whose names begin so
 */

/** @type {readonly Fault[]} */
export const faults = [
  {
    name: 'T1', did: 'The first auth after a reconnect was signed with the secret of the connection that was gone.',
    file: 'src/transport/websocket.ts', text: 'JSON.stringify(authFrame(firstToken, cursor))',
    fault: "JSON.stringify(cursor === null ? authFrame(firstToken, cursor) : { payload: authFrame(firstToken, cursor), signature: 'dead', timestamp: 0, nonce: '' })",
    found: { 'test/unit/regressions.test.ts': 'T1:' },
  },
  {
    name: 'T2', did: 'What was not accepted was put back and sent again at once, in a loop.',
    file: 'src/outbox/sender.ts', text: 'if (!refused) return backoff(', fault: 'if (!refused) return void backoff(',
    found: { 'test/unit/regressions.test.ts': 'T2:' },
  },
  {
    name: 'T6', did: 'Of the edits of a note within the pause only the last was kept.',
    file: 'src/outbox/coalesce.ts', text: 'changes: joinChanges(last.changes, next.changes)', fault: 'changes: next.changes',
    found: { 'test/unit/regressions.test.ts': 'T6:', 'test/unit/queue.test.ts': 'T6:' },
  },
  {
    name: 'T6', did: 'An edit that is saved at once, such as a star, cancelled the text that was waiting to be saved.',
    file: 'src/outbox/queue.ts', text: '[[...queue, item], item]', fault: '[[...queue.filter(each => by.gatherMs > 0 || !before.includes(each)), item], item]',
    found: { 'test/unit/regressions.test.ts': 'T6:' },
  },
  {
    name: 'T9', did: 'What was sent while there was no connection was discarded without a word.',
    file: 'src/client.ts', text: 'const { mutationId: _, ...rest } = wanted\n',
    fault: "const { mutationId: _, ...rest } = wanted\nif (this.#account.connection.name !== 'connected') return { mutationId: '', noteId: subjectOf(draft), stored: Promise.resolve(), done: Promise.resolve() }\n",
    found: { 'test/unit/regressions.test.ts': 'T9:', 'test/react/use-websocket.test.tsx': 'T9:', 'test/compat/service.test.ts': 'T9:' },
  },
  {
    name: 'T9', did: 'disconnect() emptied the queue.',
    file: 'src/account/account.ts', text: 'await this.outbox.flush()',
    fault: "for (const { id } of this.outbox.queue) this.outbox.settle(id, { type: 'acknowledged', cursor: 'none-0' })",
    found: { 'test/unit/regressions.test.ts': 'T9:', 'test/react/use-websocket.test.tsx': 'T9:', 'test/compat/service.test.ts': 'T9:' },
  },
  {
    name: 'T10', did: 'Joined notes counted as joined after an abnormal close, and were not joined again.',
    file: 'src/client.ts', text: 'this.#rooms.rejoin()', fault: ';',
    found: { 'test/unit/regressions.test.ts': 'T10:', 'test/react/use-websocket.test.tsx': 'T10:', 'test/compat/service.test.ts': 'T10:' },
  },
  {
    name: 'T11', did: 'Each connection sent its auth more than once.',
    file: 'src/transport/websocket.ts', text: 'last = parseFrame(event.data)',
    fault: "last = parseFrame(event.data)\nif (last.type === 'connection_established') socket.send(JSON.stringify(authFrame(firstToken, cursor)))",
    found: { 'test/unit/regressions.test.ts': 'T11:', 'test/react/use-websocket.test.tsx': 'T11:' },
  },
  {
    name: 'T11', did: 'The token of the first connection was kept, and shown again by the next.',
    file: 'src/connection/connection.ts', text: 'firstToken: token,', fault: 'firstToken: this.kept ??= token,',
    found: { 'test/unit/regressions.test.ts': 'T11:' },
  },
  {
    name: 'T18', did: 'Pings had no deadline: a connection that hangs was never given up.',
    file: 'src/connection/link.ts', text: 'silence: 80_000', fault: 'silence: Infinity',
    found: { 'test/unit/regressions.test.ts': 'T18:' },
  },
  {
    name: 'T18', did: 'It gave up after 10 attempts.',
    file: 'src/connection/machine.ts', text: 'if (tried > env.maxAttempts)', fault: 'if (tried > Math.min(10, env.maxAttempts))',
    found: { 'test/unit/machine.test.ts': 'T18: full jitter', 'test/react/use-websocket.test.tsx': 'T18:' },
  },
  {
    name: 'T18', did: 'Waits were not random: all clients came back at the same moment.',
    file: 'src/connection/backoff.ts', text: 'return random() * Math.min(longest', fault: 'return Math.min(longest',
    found: { 'test/unit/machine.test.ts': 'T18: full jitter' },
  },
  {
    name: 'T18', did: 'That the network is back, or the page is looked at, changed nothing.',
    file: 'src/connection/machine.ts', text: "if (state.name === 'offline' || state.name === 'waiting') return open(0, true)", fault: '',
    found: { 'test/unit/machine.test.ts': 'T18: offline' },
  },
  {
    name: 'T18', did: 'Who had given up stayed so for good.',
    file: 'src/connection/machine.ts', text: 'switch (event.type) {', fault: "if (state.name === 'stopped' && event.type !== 'reconnect') return stay\nswitch (event.type) {",
    found: { 'test/compat/service.test.ts': 'T18:' },
  },
  {
    name: 'T19', did: 'There was one place for a listener: a second one took it from the first.',
    file: 'src/client.ts', text: 'const all = this.#listeners.get(type) ?? new Set()', fault: 'const all = new Set()',
    found: { 'test/unit/regressions.test.ts': 'T19:' },
  },
  {
    name: 'T19', did: 'Who was unmounted was still told.',
    file: 'src/client.ts', text: 'return () => void all.delete(own)', fault: 'return () => {}',
    found: { 'test/unit/regressions.test.ts': 'T19:', 'test/react/use-websocket.test.tsx': 'T19:' },
  },
  {
    name: 'T19', did: 'setEventHandlers({}) left the handlers that were set before.',
    file: 'compat/service.ts', text: 'this.#handlers = handlers', fault: 'this.#handlers = { ...this.#handlers, ...handlers }',
    found: { 'test/compat/service.test.ts': 'T19:' },
  },
  {
    name: 'T22', did: 'A second offline edit of a note was taken for a duplicate, and discarded.',
    file: 'src/outbox/queue.ts', text: 'if (last && mayGrow(last, by)) {', fault: 'if (last) return [queue, last]\nif (last && mayGrow(last, by)) {',
    found: { 'test/unit/regressions.test.ts': 'T22: a second', 'test/unit/queue.test.ts': 'T22:' },
  },
  {
    name: 'T22', did: 'What was being sent when the app died was never sent again.',
    file: 'src/account/load.ts', text: "has(item, 'id:s order:n mutation:o')", fault: "has(item, 'id:s order:n mutation:o') && item.attempts === 0",
    found: { 'test/unit/regressions.test.ts': 'T22: what was being sent' },
  },
  {
    name: 'T22', did: 'A create had no key: sent again, it was another one.',
    file: 'src/outbox/sender.ts', text: 'batchItem(item.mutation)', fault: 'batchItem({ ...item.mutation, mutationId: this.#env.newId() })',
    found: { 'test/unit/regressions.test.ts': 'T22: what was being sent' },
  },
  {
    name: 'L8', did: 'Every edit sent the title “Untitled” and an empty text as well.',
    file: 'src/outbox/queue.ts', text: 'const subject = subjectOf({ ...op, mutationId: by.id })',
    fault: "if (op.op === 'edit') op = { ...op, changes: { title: 'Untitled', content: '', ...op.changes } }\nconst subject = subjectOf({ ...op, mutationId: by.id })",
    found: { 'test/unit/regressions.test.ts': 'L8:', 'test/unit/queue.test.ts': 'L8:' },
  },
  {
    name: 'L9', did: 'It tried for ever to connect to a note that was deleted.',
    file: 'src/connection/machine.ts', text: 'switch (end.verdict) {', fault: "switch (end.verdict === 'never' ? 'again' : end.verdict) {",
    found: { 'test/unit/regressions.test.ts': 'L9:', 'test/unit/machine.test.ts': 'L9:' },
  },
]
