/** Loads code when it is first asked for, once for all who ask. What could not be loaded is tried again by the next who asks. */
export function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined
  return () => (loading ??= load().catch(error => {
    loading = undefined
    throw error
  }))
}
