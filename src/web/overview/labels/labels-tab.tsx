import { useDraft } from '../../state/drafts.js'
import { type LabelsRoute, NO_LABELS } from '../../state/labels-route.js'
import { usePage } from '../../state/page-context.js'
import { useRun } from '../use-run.js'
import { classifyBody } from './classify-body.js'
import { LabelForm } from './label-form.js'
import { LabelResult } from './label-result.js'
import { LABELLING } from './use-labelling.js'

/** Gives documents, or texts, the labels that somebody describes. */
export function LabelsTab({ route }: { readonly route: LabelsRoute }) {
  const { labels } = usePage().drafts
  const draft = useDraft(labels, route, NO_LABELS)
  const { run, start } = useRun(LABELLING, classifyBody(draft), draft)
  return (
    <div class="labels-columns">
      <LabelForm
        draft={draft}
        onChange={(next) => {
          labels.value = next
        }}
        onSubmit={start}
      />
      {run === undefined ? <Explanation /> : <LabelResult key={run.count} run={run} />}
    </div>
  )
}

function Explanation() {
  return (
    <aside class="labels-explanation muted" aria-label="How it works">
      <p>
        Name what documents may be, such as <em>invoice</em> and <em>contract</em>, with a description or some
        examples. Each document gets the label it is most like, and none where no label is likely enough.
      </p>
      <p>
        With two examples of each or more, gemdex also tries itself on them and says how often it is right.
      </p>
    </aside>
  )
}
