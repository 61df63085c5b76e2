import type { Diff, DiffHunk } from '../../src/index.js'

/**
 * What changed between two versions: fields, people and data, and the text with what was added and removed in place. Takes
 * what `client.diff` gives.
 */
export function DiffView({ diff }: { diff: Diff }) {
  const rows = rowsOf(diff)
  const { hunks } = diff.content
  return (
    <div className="nw-diff">
      {rows.length > 0 && (
        <dl className="nw-diff-fields">
          {rows.map(({ name, before, after }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {before !== null && <del>{before}</del>} {after !== null && <ins>{after}</ins>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {hunks.some(({ op }) => op === 'insert' || op === 'delete') ? (
        <pre className="nw-diff-text" tabIndex={0} aria-label="Changes of the text">{hunks.map((hunk, i) => <Part key={i} hunk={hunk} />)}</pre>
      ) : (
        rows.length === 0 && <p className="nw-quiet">The text is the same.</p>
      )}
    </div>
  )
}

function Part({ hunk }: { hunk: DiffHunk }) {
  switch (hunk.op) {
    case 'insert':
      return <ins>{hunk.text}</ins>
    case 'delete':
      return <del>{hunk.text}</del>
    case 'skip':
      return <span className="nw-diff-skip">{hunk.lines === 1 ? '1 line' : `${hunk.lines} lines`} as before</span>
  }
  return <span>{hunk.text}</span>
}

/** A line of what changed; null: there is nothing to show on that side. */
interface Row {
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

function rowsOf({ fields, blob, members }: Diff): readonly Row[] {
  return [
    ...fields.map(field => ('before' in field || 'after' in field
      ? { name: field.name, before: shown(field.before), after: shown(field.after) }
      : { name: field.name, before: null, after: 'changed' })),
    ...(members?.added ?? []).map(({ userId, role }) => ({ name: userId, before: null, after: may[role] })),
    ...(members?.removed ?? []).map(({ userId, role }) => ({ name: userId, before: may[role], after: null })),
    ...(members?.changed ?? []).map(({ userId, before, after }) => ({ name: userId, before: may[before], after: may[after] })),
    ...blob.map(value => ({
      name: value.path === '' ? 'data' : value.path,
      before: 'before' in value ? shown(value.before) : null, after: 'after' in value ? shown(value.after) : null,
    })),
  ]
}

const may = { read: 'may read', write: 'may write' } as const

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '(none)'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
