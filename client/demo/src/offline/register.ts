/** Has the browser keep the page, where it can: on HTTPS and on localhost. In development the page changes too often. */
export function keepPage(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  navigator.serviceWorker.register('./sw.js').catch(() => {}) // without it, the page needs the server when it is loaded
}
