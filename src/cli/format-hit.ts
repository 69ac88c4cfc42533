import type { Citation, Hit, Location } from '../types.js'
import { formatExplanation } from './format-explanation.js'
import { oneLine, printable, type Style } from './style.js'

/** `lines 12-20`, `page 3`, `slide 4`, `Sheet1 rows 2-9`, `cell 5`, `Leave > Parental leave`; empty for a document without sections. */
export function formatLocation(location: Location): string {
  switch (location.kind) {
    case 'lines':
      return location.start === location.end
        ? `line ${location.start}`
        : `lines ${location.start}-${location.end}`
    case 'pages':
      return location.start === location.end
        ? `page ${location.start}`
        : `pages ${location.start}-${location.end}`
    case 'slide':
      return `slide ${location.n}`
    case 'sheet':
      return location.rows[0] === location.rows[1]
        ? `${oneLine(location.name)} row ${location.rows[0]}`
        : `${oneLine(location.name)} rows ${location.rows[0]}-${location.rows[1]}`
    case 'cell':
      return `cell ${location.n}`
    case 'section':
      return oneLine(location.path.join(' > '))
  }
}

/** Title, place and relevance on two lines, then the snippet, or the whole passage when the hit carries it. */
export function formatHit(hit: Hit, rank: number, style: Style): string {
  const heading = hit.location.heading
  const title = oneLine(hit.title) + (heading && heading !== hit.title ? ` > ${oneLine(heading)}` : '')
  const place = formatPlace(hit)
  const body = hit.text === undefined ? highlight(hit, style) : printable(hit.text)
  const lines = [
    `${`${rank}.`.padEnd(3)} ${style.bold(title)}`,
    `    ${style.dim(`${place} · relevance ${hit.relevance.toFixed(2)}`)}`,
  ]
  lines.push(...body.split('\n').map((line) => `    ${line}`.trimEnd()))
  if (hit.duplicates !== undefined)
    lines.push(`    nearly the same: ${hit.duplicates.map(oneLine).join(', ')}`)
  if (hit.explain !== undefined) lines.push(`    ${style.dim(formatExplanation(hit.explain))}`)
  return `${lines.join('\n')}\n`
}

export function formatSource(citation: Pick<Citation, 'title' | 'uri' | 'location'>): string {
  return `${oneLine(citation.title)} (${formatPlace(citation)})`
}

function formatPlace({ uri, location }: Pick<Citation, 'uri' | 'location'>): string {
  const within = formatLocation(location)
  return within === '' ? oneLine(uri) : `${oneLine(uri)}, ${within}`
}

function highlight(hit: Hit, style: Style): string {
  let text = ''
  let at = 0
  for (const [start, end] of hit.highlights) {
    text += printable(hit.snippet.slice(at, start)) + style.mark(printable(hit.snippet.slice(start, end)))
    at = end
  }
  return text + printable(hit.snippet.slice(at))
}
