import type { Diff } from '../../src/index.js'

/** What changed between two versions: the fields, and the text with what was added and removed in place. Takes what `client.diff` gives. */
export function DiffView({ diff }: { diff: Diff }) {
  const hunks = diff.content?.hunks ?? []
  const changed = hunks.some((h) => h.op !== 'equal')
  return (
    <div className="nw-diff">
      {diff.fields.length > 0 && (
        <dl className="nw-diff-fields">
          {diff.fields.map((f) => (
            <div key={f.name}>
              <dt>{f.name}</dt>
              <dd>
                <del>{shown(f.before)}</del> <ins>{shown(f.after)}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {changed ? (
        <pre className="nw-diff-text" tabIndex={0} aria-label="Changes of the text">
          {hunks.map((h, i) =>
            h.op === 'equal' ? <span key={i}>{h.text}</span> : h.op === 'insert' ? <ins key={i}>{h.text}</ins> : <del key={i}>{h.text}</del>,
          )}
        </pre>
      ) : (
        diff.fields.length === 0 && <p className="nw-quiet">The text is the same.</p>
      )}
    </div>
  )
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '(none)'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
