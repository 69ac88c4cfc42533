import { optional, type Pair } from './fragment.js'

/** A label as somebody writes it down. */
export type LabelEntry = {
  readonly name: string
  readonly description: string
  /** Texts that have it, one a line. */
  readonly examples: string
}

/** Which labels are to be given, and to what. */
export type LabelsRoute = {
  readonly view: 'overview'
  readonly tab: 'labels'
  readonly labels: readonly LabelEntry[]
  /** Texts with an empty line between them; the documents of the index when there are none. */
  readonly texts?: string
  /** Of the documents: those of one collection, or whose path is like this (`*` within a folder, `**` across them). */
  readonly collection?: string
  readonly path?: string
  /** Least probability of a label that is given, in percent. */
  readonly least?: string
}

export const NO_LABELS: LabelsRoute = { view: 'overview', tab: 'labels', labels: [] }

/** A label begins with its name; what is said of it follows. */
export function formatLabels({ labels, texts, collection, path, least }: LabelsRoute): Pair[] {
  return [
    ...labels
      .filter(({ name }) => name !== '')
      .flatMap(({ name, description, examples }): Pair[] => [
        ['label', name],
        ['about', description],
        ['examples', examples],
      ]),
    ['texts', texts],
    ['collection', collection],
    ['path', path],
    ['least', least],
  ]
}

export function parseLabels(given: URLSearchParams): LabelsRoute {
  const labels: { name: string; description: string; examples: string }[] = []
  for (const [key, value] of given) {
    const last = labels.at(-1)
    if (key === 'label') labels.push({ name: value, description: '', examples: '' })
    else if (key === 'about' && last !== undefined) last.description = value
    else if (key === 'examples' && last !== undefined) last.examples = value
  }
  const text = (name: string) => given.get(name) ?? ''
  const least = /^\d{1,2}$/.test(text('least')) ? text('least') : ''
  return {
    ...NO_LABELS,
    labels,
    ...optional('texts', text('texts')),
    ...optional('collection', text('collection')),
    ...optional('path', text('path')),
    ...optional('least', least),
  }
}
