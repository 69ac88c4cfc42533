import type { Classification, ClassifyBody } from '../../../api/client.js'
import { countOf, formatPrice } from '../../shared/format.js'
import { EmptyState, Note } from '../../shared/notices.js'
import { SurveyFrame } from '../survey-frame.js'
import { type Run, useSeen } from '../use-run.js'
import { KeepLabels } from './keep-labels.js'
import { LabelEvaluation } from './label-evaluation.js'
import { LabelledDocuments } from './labelled-documents.js'
import { LabelledTexts } from './labelled-texts.js'
import { useLabelling } from './use-labelling.js'

/** What labels were given, how far that is, or what it would cost. */
export function LabelResult({ run: { request: body, count } }: { readonly run: Run<ClassifyBody> }) {
  const { agree, ...survey } = useLabelling(body)
  const element = useSeen(count > 0, survey.isLoading)
  return (
    <section ref={element} class="labels-result" aria-label="Result">
      <SurveyFrame survey={survey} what="Giving labels" isAskedElsewhere>
        {(labelling) =>
          'forecast' in labelling ? (
            <Price sent={labelling.forecast} onAgree={agree} />
          ) : (
            <Report body={body} report={labelling.report} />
          )
        }
      </SurveyFrame>
    </section>
  )
}

function Price({ sent, onAgree }: { readonly sent: Classification['sent']; readonly onAgree: () => void }) {
  return (
    <Note>
      <p role="status">This sends {describeSent(sent)} to the provider of the model.</p>
      <button type="button" class="button primary" onClick={onAgree}>
        Send and give labels
      </button>
    </Note>
  )
}

function Report({ body, report }: { readonly body: ClassifyBody; readonly report: Classification }) {
  const { items, sent, by } = report
  if (items.length === 0)
    return (
      <EmptyState title="Nothing to label">
        <p>No document of the index is within what was chosen.</p>
      </EmptyState>
    )
  const labelled = items.filter(({ label }) => label !== null).length
  const what = body.texts === undefined ? 'document' : 'text'
  return (
    <>
      <p role="status">
        <strong>
          {labelled} of {countOf(items.length, what)} got a label
        </strong>
        <span class="muted">, compared by {by === 'terms' ? 'words' : 'meaning'}</span>
      </p>
      <LabelEvaluation evaluation={report.evaluation} />
      {sent.texts > 0 && <p class="muted small">Sent to the model: {describeSent(sent)}</p>}
      {body.texts === undefined ? (
        <>
          <KeepLabels body={body} sent={sent} />
          <LabelledDocuments names={body.labels.map(({ name }) => name)} items={items} />
        </>
      ) : (
        <LabelledTexts texts={body.texts} items={items} />
      )}
    </>
  )
}

function describeSent({ texts, tokens, priceUsd }: Classification['sent']): string {
  return `${countOf(texts, 'text')} with about ${countOf(tokens, 'token')}, ${formatPrice(priceUsd)}`
}
