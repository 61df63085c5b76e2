import 'fake-indexeddb/auto'
import { describe, expect, test } from 'vitest'
import { IndexedDbStorage, MemoryStorage, type Storage } from '../../src/index.js'
import { load } from '../../src/account/load.js'
import { Persister } from '../../src/account/persist.js'
import { blankNote } from '../../src/protocol/parse.js'
import { emptyState, type ServerState } from '../../src/store/state.js'
import { VirtualClock } from '../sim/clock.js'

let databases = 0
const storages: Record<string, () => Storage> = {
  memory: () => new MemoryStorage(),
  IndexedDB: () => new IndexedDbStorage(`test${databases++}`),
}

for (const [name, open] of Object.entries(storages)) {
  describe(name, () => {
    test('keeps rows by scope, table and key, in the order of the keys', async () => {
      const storage = open()
      await storage.write('ada', [{ table: 'note', key: 'b', value: { n: 1 } }, { table: 'note', key: 'a', value: { n: 2 } }, { table: 'meta', key: 'a', value: 3 }])
      await storage.write('ada2', [{ table: 'note', key: 'c', value: 4 }])
      expect(await storage.read('ada', 'note')).toEqual([['a', { n: 2 }], ['b', { n: 1 }]])
      await storage.write('ada', [{ table: 'note', key: 'a', value: undefined }])
      expect(await storage.read('ada', 'note')).toEqual([['b', { n: 1 }]])
      expect(await storage.read('', 'note')).toEqual([])
    })

    test('who has not the newest fence writes nothing', async () => {
      const storage = open()
      const one = await storage.fence('ada')
      expect(await storage.write('ada', [{ table: 'meta', key: 'k', value: 1 }], one)).toBe(true)
      const two = await storage.fence('ada')
      expect(two).toBeGreaterThan(one)
      expect(await storage.write('ada', [{ table: 'meta', key: 'k', value: 2 }], one)).toBe(false)
      expect(await storage.read('ada', 'meta')).toEqual([['k', 1]])
      expect(await storage.write('ada', [{ table: 'meta', key: 'k', value: 3 }])).toBe(true)
    })

    test('the state comes back as it was kept, and what does not fit is listed anew', async () => {
      const storage = open()
      const clock = new VirtualClock()
      const write = (writes: Parameters<Storage['write']>[1]) => storage.write('ada', writes)
      const note = (id: string, updatedAt: number, content: string) => ({ ...blankNote({ id, userId: 'ada', version: 1, createdAt: 1, updatedAt }), content })
      const state: ServerState = {
        cursor: 'e-7', complete: true, truncated: new Map([['n1', { version: 2, cursor: 'e-7' }]]), folders: new Map(),
        notes: new Map([note('n1', 1, 'x'.repeat(4000)), note('n2', 2, 'new')].map(each => [each.id, each])),
      }
      const all = new Persister(clock, write, 1e6, emptyState)
      all.save(state)
      await all.flush()
      expect((await load(storage, 'ada')).state).toEqual(state)
      const some = new Persister(clock, write, 2000, state)
      some.save({ ...state, cursor: 'e-8' })
      await some.flush()
      const { state: kept } = await load(storage, 'ada')
      expect([...kept.notes.keys()]).toEqual(['n2'])
      expect(kept).toMatchObject({ cursor: 'e-8', complete: false })
    })
  })
}
