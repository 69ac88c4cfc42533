import type { ClassifyBody } from '../../../api/client.js'
import type { LabelEntry, LabelsRoute } from '../../state/labels-route.js'

const USUAL_LEAST = '50'
/** The service takes no fewer. */
export const LEAST_LABELS = 2

export const NEW_LABEL: LabelEntry = { name: '', description: '', examples: '' }

/** The labels as they are shown: there is room for two at least. */
export function labelRows({ labels }: LabelsRoute): readonly LabelEntry[] {
  const missing = Math.max(0, LEAST_LABELS - labels.length)
  return [...labels, ...Array.from({ length: missing }, () => NEW_LABEL)]
}

export function leastPercent({ least = USUAL_LEAST }: LabelsRoute): string {
  return least
}

/** What is still to be written before labels can be given, in words; undefined when nothing is. */
export function whatIsMissing(route: LabelsRoute): string | undefined {
  const labels = written(route)
  const unnamed = labels.some(({ name }) => name.trim() === '')
  if (unnamed) return 'A label has no name.'
  if (labels.length < LEAST_LABELS) return 'Two labels are needed, or more.'
  const bare = labels.find((label) => label.description.trim() === '' && examplesOf(label).length === 0)
  if (bare !== undefined) return `“${bare.name.trim()}” needs a description or an example.`
  if (route.texts !== undefined && textsOf(route.texts).length === 0) return 'There is no text to label.'
  return undefined
}

/** The request that a route stands for. */
export function classifyBody(route: LabelsRoute): ClassifyBody {
  const { texts, collection, path = '' } = route
  return {
    labels: written(route).map((label) => {
      const examples = examplesOf(label)
      const description = label.description.trim()
      return {
        name: label.name.trim(),
        ...(description === '' ? {} : { description }),
        ...(examples.length === 0 ? {} : { examples }),
      }
    }),
    minProbability: Number(leastPercent(route)) / 100,
    ...(texts === undefined
      ? {
          ...(collection === undefined ? {} : { collection }),
          ...(path.trim() === '' ? {} : { filter: { path: { $glob: path.trim() } } }),
        }
      : { texts: textsOf(texts) }),
  }
}

/** The labels that something was written of. */
function written({ labels }: LabelsRoute): LabelEntry[] {
  return labels.filter(({ name, description, examples }) => `${name}${description}${examples}`.trim() !== '')
}

/** One a line. */
function examplesOf({ examples }: LabelEntry): string[] {
  return pieces(examples, /\n/)
}

/** With an empty line between them. */
function textsOf(texts: string): string[] {
  return pieces(texts, /\n\s*\n/)
}

function pieces(text: string, between: RegExp): string[] {
  return text
    .split(between)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
}
