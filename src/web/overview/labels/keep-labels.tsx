import { useState } from 'preact/hooks'
import type { Classification, ClassifyBody } from '../../../api/client.js'
import { countOf, formatCount, formatPrice } from '../../shared/format.js'
import { usePage } from '../../state/page-context.js'
import { EMPTY_SEARCH, formatRoute } from '../../state/route.js'
import { SurveyFrame } from '../survey-frame.js'
import { runKey } from '../use-run.js'
import { useSurvey } from '../use-survey.js'
import { LABELLING } from './use-labelling.js'

type Keeping = { readonly body: ClassifyBody; readonly name: string; readonly count: number }

/** Keeps the labels that documents got as metadata, where a search can be narrowed down by them. */
export function KeepLabels({
  body,
  sent,
}: {
  readonly body: ClassifyBody
  readonly sent: Classification['sent']
}) {
  const { surveys } = usePage()
  const [name, setName] = useState('label')
  const [keeping, setKeeping] = useState<Keeping>()
  const keep = () => {
    const saving = { ...body, save: name.trim() }
    // Documents may have been indexed anew since, and have lost their labels.
    surveys.delete(runKey(LABELLING, saving))
    setKeeping({ body: saving, name: name.trim(), count: (keeping?.count ?? 0) + 1 })
  }
  return (
    <>
      <form
        class="labels-keep"
        aria-label="Keep labels"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '') keep()
        }}
      >
        <label class="field">
          <span>Keep them with the documents, under the name</span>
          <input
            value={name}
            maxLength={64}
            spellcheck={false}
            autocomplete="off"
            onInput={({ currentTarget: { value } }) => setName(value)}
          />
        </label>
        <button type="submit" class="button" disabled={name.trim() === ''}>
          Keep
        </button>
        {sent.priceUsd > 0 && <p class="muted small">Sends the same again: {formatPrice(sent.priceUsd)}</p>}
      </form>
      {keeping !== undefined && <Kept key={keeping.count} {...keeping} />}
    </>
  )
}

function Kept({ body, name }: Keeping) {
  const survey = useSurvey(runKey(LABELLING, body), (client, options) => client.classify(body, options))
  return (
    <SurveyFrame survey={survey} what="Keeping labels" isAskedElsewhere>
      {({ items, saved = 0 }) => {
        const counts = body.labels.map((label) => ({
          value: label.name,
          count: items.filter((item) => item.label === label.name).length,
        }))
        return (
          <div class="labels-kept">
            <p role="status">
              {countOf(saved, 'document keeps its label', 'documents keep their label')} until indexed anew.
              Search only those of one:
            </p>
            <ul class="overview-collections">
              {counts
                .filter(({ count }) => count > 0)
                .map(({ value, count }, i) => (
                  <li key={i}>
                    <a href={formatRoute({ ...EMPTY_SEARCH, label: { key: name, value } })}>
                      <bdi>{value}</bdi>
                      <span class="muted">{formatCount(count)}</span>
                    </a>
                  </li>
                ))}
            </ul>
          </div>
        )
      }}
    </SurveyFrame>
  )
}
