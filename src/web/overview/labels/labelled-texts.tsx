import type { Classification } from '../../../api/client.js'
import { AllLikelihoods, Likelihood } from './likelihood.js'

/** Somebody's own texts in their order, each with its label. */
export function LabelledTexts({
  texts,
  items,
}: {
  readonly texts: readonly string[]
  readonly items: Classification['items']
}) {
  return (
    <ol class="labelled-texts">
      {items.map((item, i) => (
        <li key={i}>
          <div>
            <p class="labelled-text" dir="auto">
              {texts[i]}
            </p>
            <AllLikelihoods item={item} />
          </div>
          <div class="labelled-with">
            {item.label === null ? (
              <span class="muted">No label; likeliest</span>
            ) : (
              <strong dir="auto">{item.label}</strong>
            )}
            <Likelihood item={item} />
          </div>
        </li>
      ))}
    </ol>
  )
}
