import type { Classification } from '../../../api/client.js'
import { countOf, formatShare } from '../../shared/format.js'

/** How far the labels can be trusted, by the examples: each is labelled by what the others say. */
export function LabelEvaluation({ evaluation }: { readonly evaluation: Classification['evaluation'] }) {
  if (evaluation === undefined)
    return (
      <p class="muted small">
        Nothing tells how far these probabilities can be trusted: that takes two examples of each label, or
        more.
      </p>
    )
  const { examples, accuracy, coverage, accuracyOfLabelled, labels } = evaluation
  return (
    <details class="labels-evaluation">
      <summary>
        Tried on {countOf(examples, 'example')}, each left out in turn: {formatShare(accuracy)} right
      </summary>
      <p class="muted small">
        {formatShare(coverage)} were likely enough to get a label; of these {formatShare(accuracyOfLabelled)}{' '}
        got the right one.
      </p>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Label</th>
            <th scope="col" class="number">
              Right where given
            </th>
            <th scope="col" class="number">
              Found of its own
            </th>
          </tr>
        </thead>
        <tbody>
          {labels.map(({ name, precision, recall }, i) => (
            <tr key={i}>
              <th scope="row" dir="auto">
                {name}
              </th>
              <td class="number">{formatShare(precision)}</td>
              <td class="number">{formatShare(recall)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
