import { useCallback, useEffect, useRef, useState } from 'react'
import type { NoteVersion, Problem, VersionGroup } from '../src/index.js'
import { NotewireError, problem } from '../src/index.js'
import { useClient } from './provider.js'
import { useNote } from './use-note.js'
import { useReadable } from './use-readable.js'

/** What `useHistory` answers. */
export interface HistoryResult {
  /** Newest first. */
  versions: readonly NoteVersion[]
  /** In place of versions, where they are grouped. */
  groups: readonly VersionGroup[]
  loading: boolean
  error: Problem | null
  /** Reads the next page; null if there is none. */
  loadMore: (() => void) | null
}

interface Pages {
  /** What was asked: of which note, and how it is grouped. */
  readonly of: string
  readonly versions: readonly NoteVersion[]
  readonly groups: readonly VersionGroup[]
  readonly next: number | null
}

/**
 * The history of a note, page by page, from its newest version. A new version is a new first page. `group` joins versions made
 * within so many minutes. What could not be read is read again when the connection is back.
 */
export function useHistory(noteId: string, options: { group?: number; limit?: number } = {}): HistoryResult {
  const client = useClient()
  const head = useNote(noteId)?.version ?? 0
  const connection = useReadable(client.connection)
  const since = connection.name === 'connected' ? connection.since : null // another one after each reconnect
  const { group, limit = 30 } = options
  const of = `${noteId} ${group}`
  const [read, setRead] = useState<Pages>(() => none(of))
  const [loading, setLoading] = useState(true)
  const [error, setError] = useState<Problem | null>(null)
  const asked = useRef(0) // an answer to an older question is not shown
  const failed = useRef(false)

  const ask = useCallback(
    async (before: number | null) => {
      const question = ++asked.current
      setLoading(true)
      try {
        const page = await client.history(noteId, {
          limit, ...(before === null ? {} : { before }), ...(group === undefined ? {} : { group }),
        })
        if (question !== asked.current) return
        failed.current = false
        setError(null)
        setRead((had) => {
          const { versions, groups } = before === null ? none(of) : had
          return { of, versions: [...versions, ...(page.versions ?? [])], groups: [...groups, ...(page.groups ?? [])], next: page.next }
        })
      } catch (e) {
        if (question !== asked.current) return
        failed.current = true
        setError(e instanceof NotewireError ? e.problem : problem('network', String(e)))
      } finally {
        if (question === asked.current) setLoading(false)
      }
    },
    [client, noteId, limit, group, of],
  )
  useEffect(() => {
    void ask(null)
    return () => void asked.current++
  }, [ask, head])
  useEffect(() => {
    if (since !== null && failed.current) void ask(null)
  }, [ask, since])
  const { versions, groups, next } = read.of === of ? read : none(of)
  return { versions, groups, loading, error, loadMore: next === null ? null : () => void ask(next) }
}

function none(of: string): Pages {
  return { of, versions: [], groups: [], next: null }
}
