import type { Hit } from '../../api/client.js'

type Location = Hit['location']

/** `lines 12–20`, `page 3`, `slide 4`, `Sheet1, rows 2–9`, `cell 5`; empty for a place that its heading alone names. */
export function formatPlace(location: Location): string {
  switch (location.kind) {
    case 'lines':
      return formatRange('line', location.start, location.end)
    case 'pages':
      return formatRange('page', location.start, location.end)
    case 'slide':
      return `slide ${location.n}`
    case 'sheet':
      return `${location.name}, ${formatRange('row', ...location.rows)}`
    case 'cell':
      return `cell ${location.n}`
    case 'section':
      return ''
  }
}

function formatRange(unit: string, start: number, end: number): string {
  return start === end ? `${unit} ${start}` : `${unit}s ${start}–${end}`
}

/** The headings that a place stands under, as far as it says so. */
export function headingOf(location: Location): string {
  if (location.kind === 'section' && location.path.length > 0) return location.path.join(' › ')
  return location.heading ?? ''
}

const number = new Intl.NumberFormat('en')

export function formatCount(count: number): string {
  return number.format(count)
}

/** `1 document`, `1,200 documents`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB'] as const
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length)
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`
}

/** `26 Nov 2026`. */
export function formatDate(ms: number): string {
  return new Date(ms).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
}

/** `just now`, `5 min ago`, `3 h ago`, then the date. */
export function formatAge(ms: number, nowMs: number): string {
  const minutes = Math.floor((nowMs - ms) / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  return minutes < 24 * 60 ? `${Math.floor(minutes / 60)} h ago` : formatDate(ms)
}

/** `45 s`, `3 min 20 s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** `87 %`, of a share of 0 to 1. */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`
}

export function formatPrice(usd: number): string {
  return usd === 0 || usd >= 0.01 ? `$${usd.toFixed(2)}` : `$${usd.toPrecision(2)}`
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  'text/markdown': 'Markdown',
  'text/plain': 'Text',
  'text/html': 'HTML',
  'text/csv': 'CSV',
  'text/rtf': 'RTF',
  'application/rtf': 'RTF',
  'application/pdf': 'PDF',
  'application/json': 'JSON',
  'application/yaml': 'YAML',
  'application/epub+zip': 'EPUB',
  'application/x-ipynb+json': 'Notebook',
  'application/x-subrip': 'Subtitles',
  'message/rfc822': 'Mail',
  'application/mbox': 'Mailbox',
  'application/vnd.ms-outlook': 'Outlook mail',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'Word',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'Excel',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'PowerPoint',
  'application/vnd.oasis.opendocument.text': 'OpenDocument text',
  'application/vnd.oasis.opendocument.spreadsheet': 'OpenDocument sheet',
  'application/vnd.oasis.opendocument.presentation': 'OpenDocument slides',
}

/** A media type as people call it. */
export function formatType(type: string): string {
  const own = TYPE_NAMES[type]
  if (own !== undefined) return own
  const name = type.replace(/^.*\//, '').replace(/^(?:x-|vnd\.)/, '')
  return name.charAt(0).toUpperCase() + name.slice(1)
}
