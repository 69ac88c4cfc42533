const PATHS = {
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20 20',
  ask: 'M5 5h14v10H11l-4 4v-4H5z',
  documents: 'M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5',
  map: 'M6 8a2 2 0 1 0 .01 0M16 5a2 2 0 1 0 .01 0M18 16a2 2 0 1 0 .01 0M9 17a2 2 0 1 0 .01 0',
  overview: 'M4 4h7v7H4zM13 4h7v4h-7zM13 10h7v10h-7zM4 13h7v7H4z',
  close: 'M6 6l12 12M18 6 6 18',
  back: 'M14 6l-6 6 6 6M8 12h12',
  stop: 'M7 7h10v10H7z',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-2 4 3M15 9.5h.01',
  pencil: 'M5 19l1-4L16 5l3 3L9 18z',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  plus: 'M12 5v14M5 12h14',
  send: 'M12 19V5M6 11l6-6 6 6',
  system: 'M4 5h16v11H4zM9 20h6M12 16v4',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5',
  dark: 'M19 14A8 8 0 0 1 10 5a7.5 7.5 0 1 0 9 9z',
  check: 'M5 12l5 5 9-10',
  warning: 'M12 4 2.8 20h18.4zM12 10v4M12 17h.01',
} as const

export type IconName = keyof typeof PATHS

/** A drawing beside a word that says the same, or in a button that has a label: nothing that is read out. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
