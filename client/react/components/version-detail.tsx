import { useEffect, useState } from 'react'
import type { Diff, ServerNote } from '../../src/index.js'
import { useClient } from '../provider.js'
import { DiffView } from './diff-view.js'
import { sentenceOf } from './sentence.js'

export interface VersionDetailProps {
  noteId: string
  from: number
  to: number
  isHead: boolean
  canRestore: boolean
  onRestore: () => void
}

/** Lines that are shown around changes. */
const context = 3

type Shown = 'changes' | 'preview'

/** What changed in a version, or how the note was then, and the way back to it. */
export function VersionDetail({ noteId, from, to, isHead, canRestore, onRestore }: VersionDetailProps) {
  const [shown, setShown] = useState<Shown>(from > 1 ? 'changes' : 'preview')
  const [sure, setSure] = useState(false)
  return (
    <div className="nw-version-detail">
      <div className="nw-tabs" role="group" aria-label="Show">
        <button type="button" aria-pressed={shown === 'changes'} disabled={from === 1} onClick={() => setShown('changes')}>Changes</button>
        <button type="button" aria-pressed={shown === 'preview'} onClick={() => setShown('preview')}>Whole note</button>
      </div>
      {shown === 'changes' ? <Changes noteId={noteId} from={from - 1} to={to} /> : <Preview noteId={noteId} version={to} />}
      {!isHead && canRestore && !sure && <button type="button" data-testid="restore" onClick={() => setSure(true)}>Restore this version</button>}
      {sure && (
        <div className="nw-sure" role="group" aria-label={`Restore version ${to}?`}>
          <p>The note becomes as it was in v{to}. What it is now stays in the history.</p>
          <button type="button" className="nw-primary" data-testid="restore-sure" autoFocus onClick={onRestore}>Restore v{to}</button>
          <button type="button" onClick={() => setSure(false)}>Cancel</button>
        </div>
      )}
    </div>
  )
}

function Changes({ noteId, from, to }: { noteId: string; from: number; to: number }) {
  const client = useClient()
  const [diff, problem] = useAnswer<Diff>(() => client.diff(noteId, from, to, { context }), [client, noteId, from, to])
  return problem ?? (diff ? <DiffView diff={diff} /> : <Loading />)
}

function Preview({ noteId, version }: { noteId: string; version: number }) {
  const client = useClient()
  const [answer, problem] = useAnswer<ServerNote | undefined>(() => client.version(noteId, version).then((v) => v.note), [client, noteId, version])
  if (problem) return problem
  if (!answer) return <Loading />
  return (
    <article className="nw-preview" tabIndex={0} aria-label={`Version ${version}`}>
      <h3>{answer.title || 'Untitled'}</h3>
      <pre>{answer.content || '(no text)'}</pre>
    </article>
  )
}

function Loading() {
  return <p className="nw-quiet" role="status">Loading…</p>
}

/** What is asked for, or why it cannot be had. The last answer stays until there is another; one to an older question is not shown. */
function useAnswer<T>(ask: () => Promise<T>, of: readonly unknown[]): readonly [T | null, React.ReactNode] {
  const [answer, setAnswer] = useState<T | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    let current = true
    ask().then(
      (value) => {
        if (!current) return
        setAnswer(value)
        setProblem(null)
      },
      (e: unknown) => current && setProblem(sentenceOf(e, 'This cannot be read now.')),
    )
    return () => {
      current = false
    }
  }, of)
  return [answer, problem === null ? null : <p className="nw-status-error" role="alert">{problem}</p>]
}
