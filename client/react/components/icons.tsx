/** Drawn here so that no icon library comes along. They say nothing to a screen reader: the text beside them does. */

const frame = { width: 16, height: 16, viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', strokeWidth: 2, strokeLinecap: 'round', strokeLinejoin: 'round', 'aria-hidden': true, focusable: false } as const

export function WifiIcon() {
  return (
    <svg {...frame}>
      <path d="M5 12.5a10 10 0 0 1 14 0M8.5 16a5 5 0 0 1 7 0M2 9a15 15 0 0 1 20 0" />
      <circle cx="12" cy="19.5" r="0.6" fill="currentColor" />
    </svg>
  )
}

export function WifiOffIcon() {
  return (
    <svg {...frame}>
      <path d="M3 3l18 18M8.5 16a5 5 0 0 1 7 0M5 12.5a10 10 0 0 1 5-2.7M2 9a15 15 0 0 1 4.5-3M22 9a15 15 0 0 0-11-4M19 12.5a10 10 0 0 0-2-1.5" />
      <circle cx="12" cy="19.5" r="0.6" fill="currentColor" />
    </svg>
  )
}
