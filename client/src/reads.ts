import type { HistoryOptions, SearchQuery } from './api.js'

/** The query of a list, or of a page of history. */
export function queryOf(options: HistoryOptions | SearchQuery): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(options)) if (value !== undefined) query.set(name, String(value))
  const text = query.toString()
  return text && `?${text}`
}
