import { useCallback, useEffect, useRef, useState } from 'react'
import type { NoteVersion, Problem, VersionGroup } from '../src/index.js'
import { NotewireError, problem } from '../src/index.js'
import { continued, none, refreshed, type Pages } from './history-pages.js'
import { useClient } from './provider.js'
import { useNote } from './use-note.js'
import { useReadable } from './use-readable.js'

/** What `useHistory` gives. */
export interface HistoryResult {
  /** Newest first, of all pages so far; empty where they are grouped. */
  versions: readonly NoteVersion[]
  /** In place of versions, where `group` is given. */
  groups: readonly VersionGroup[]
  /** A page is being read. */
  loading: boolean
  /** Why the last page could not be read; null if it could. */
  error: Problem | null
  /** Reads the next page; null if there is none. */
  loadMore: (() => void) | null
}

/** While a note is being written in, the first page is read again so often at most, in milliseconds. */
const pause = 1000

/** The questions of one history. */
interface Asking {
  /** How many there were. */
  count: number
  /** The last whose answer is shown, of those for the first page. */
  shown: number
  /** When the first page was asked for last. */
  begun: number
}

/**
 * The history of a note, page by page, from its newest version (section 20). A new version is a new first page. What could not
 * be read is read again when the connection is back. Of a note that the server does not have yet there is none, and it is not
 * asked. `limit` is the size of a page, 1 to 100, 30 by default; `group` joins edits
 * of one author with pauses under so many minutes, 1 to 1,440.
 */
export function useHistory(noteId: string, options: { group?: number; limit?: number } = {}): HistoryResult {
  const client = useClient()
  const note = useNote(noteId)
  const head = note?.version ?? 0
  const only = note?.version === 0 // this device has it, and no one else
  const connection = useReadable(client.connection)
  const since = connection.name === 'connected' ? connection.since : null // another one after each reconnect
  const { group, limit = 30 } = options
  const of = `${noteId} ${group}`
  const [read, setRead] = useState<Pages>(() => none(of))
  const [loading, setLoading] = useState(true)
  const [error, setError] = useState<Problem | null>(null)
  const asking = useRef<Asking>(nothingAsked())
  const failed = useRef(false)

  const ask = useCallback(
    async (before: number | null) => {
      const now = asking.current
      const question = ++now.count
      if (before === null) now.begun = Date.now()
      setLoading(true)
      try {
        const page = await client.history(noteId, {
          limit, ...(before === null ? {} : { before }), ...(group === undefined ? {} : { group }),
        })
        if (now !== asking.current || (before === null && question < now.shown)) return
        if (before === null) now.shown = question
        failed.current = false
        setError(null)
        setRead((had) => {
          const here = had.of === of ? had : none(of)
          return before === null ? refreshed(here, page) : continued(here, before, page)
        })
      } catch (e) {
        if (now !== asking.current || question !== now.count) return
        failed.current = true
        setError(e instanceof NotewireError ? e.problem : problem('network', String(e)))
      } finally {
        if (now === asking.current && question === now.count) setLoading(false)
      }
    },
    [client, noteId, limit, group, of],
  )
  useEffect(() => {
    asking.current = nothingAsked()
    return () => void (asking.current = nothingAsked()) // what is still to come is nobody's
  }, [ask])
  useEffect(() => {
    if (only) return
    let current = true
    const begin = async () => {
      await client.ready // what the device has kept says whether the server knows it
      if (current && client.note(noteId).get()?.version !== 0) void ask(null)
    }
    const wait = asking.current.begun + pause - Date.now()
    const timer = wait > 0 ? setTimeout(begin, wait) : void begin()
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [ask, client, noteId, head, only])
  useEffect(() => {
    if (since !== null && failed.current && !only) void ask(null)
  }, [ask, since, only])
  if (only) return nothingYet
  const { versions, groups, next } = read.of === of ? read : none(of)
  return { versions, groups, loading, error, loadMore: next === null ? null : () => void ask(next) }
}

const nothingYet: HistoryResult = { versions: [], groups: [], loading: false, error: null, loadMore: null }

function nothingAsked(): Asking {
  return { count: 0, shown: 0, begun: -Infinity }
}
