const paths = {
  plus: 'M12 5v14M5 12h14',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM20 20l-4.9-4.9',
  star: 'm12 3.6 2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8Z',
  archive: 'M4 8h16v11a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1ZM3 4h18v4H3ZM10 12h4',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  folder: 'M3 6a1 1 0 0 1 1-1h5l2 2.5h9a1 1 0 0 1 1 1V18a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1Z',
  tag: 'M4 4h7l9 9-7 7-9-9ZM8.2 8.2v.01',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.4-3.6 3-5.5 6.500-5.500s6.100 1.900 6.500 5.500M16 4.300a3.500 3.500 0 0 1 0 6.400M18 14.900c2 .7 3.200 2.500 3.500 5.100',
  history: 'M3.500 12a8.500 8.500 0 1 0 2.800-6.300L3.500 8M3.500 3.500V8H8M12 7.500V12l3 2',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  close: 'M6 6l12 12M18 6 6 18',
  back: 'M14.500 5.500 8 12l6.500 6.500',
  menu: 'M4 7h16M4 12h16M4 17h16',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M18.700 5.300l-1.400 1.400M6.700 17.300l-1.400 1.400',
  moon: 'M20 14.200A8.300 8.300 0 0 1 9.800 4 8.300 8.300 0 1 0 20 14.200Z',
  contrast: 'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17ZM12 3.500v17M15 5v14M18 7.500v9',
  check: 'M5 12.500 10 17.500 19.500 7',
  device: 'M4 5h16v11H4ZM9 20h6M12 16v4',
  alert: 'M12 4 21 19.500H3ZM12 10v4M12 16.800v.01',
  link: 'M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1',
  copy: 'M9 9h10v11H9ZM5 15V4h10',
  chevron: 'm9 6 6 6-6 6',
  external: 'M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5',
  restore: 'M4 10h10a5.500 5.500 0 0 1 0 11H9M4 10l5-5M4 10l5 5',
  keyboard: 'M3 6h18v12H3ZM7 10h.01M11 10h.01M15 10h.01M7 14h10',
  notes: 'M6 3h9l4 4v14H6ZM14.500 3v5H19M9 12.500h7M9 16.500h5',
  out: 'M14 4H5v16h9M10 12h11M17 8l4 4-4 4',
  frames: 'M4 7h10M11 4l3 3-3 3M20 17H10M13 14l-3 3 3 3',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 4.500v15l12-7.500Z',
  globe: 'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17ZM3.500 12h17M12 3.500c5 5 5 12 0 17M12 3.500c-5 5-5 12 0 17',
  lock: 'M6 11h12v9H6ZM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
} as const

export type IconName = keyof typeof paths

/** A drawing beside a text, or in a button that has a label: it says nothing by itself. */
export function Icon({ name, filled = false }: { name: IconName; filled?: boolean }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" data-name={name} data-filled={filled || undefined}>
      <path d={paths[name]} />
    </svg>
  )
}
