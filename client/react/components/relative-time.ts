/** How long ago something was, as the status components say it. */
export function lastSyncText(at: number | null, now: number): string {
  if (at === null) return 'Never'
  const ms = Math.max(0, now - at)
  if (ms < 1000) return 'Just now'
  if (ms < 60_000) return `${Math.floor(ms / 1000)}s ago`
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)}m ago`
  if (ms < 86_400_000) return `${Math.floor(ms / 3_600_000)}h ago`
  return new Date(at).toLocaleDateString()
}
