import type { Similarity } from '../../../api/client.js'
import { SurveyFrame } from '../survey-frame.js'
import { type Run, runKey, useSeen } from '../use-run.js'
import { useSurvey } from '../use-survey.js'
import { describeSimilarity } from './describe-similarity.js'

/** The name of these surveys. */
export const COMPARISON = 'comparison'

/** The similarity of two texts, and what it says. */
export function SimilarityResult({
  run: { request: texts, count },
}: {
  readonly run: Run<readonly [string, string]>
}) {
  const survey = useSurvey(runKey(COMPARISON, texts), (client, options) => client.similarity(texts, options))
  const element = useSeen(count > 0, survey.isLoading)
  return (
    <section ref={element} class="similarity" aria-label="Result">
      <SurveyFrame survey={survey} what="Comparing" isAskedElsewhere>
        {(answer) => <Answer answer={answer} />}
      </SurveyFrame>
    </section>
  )
}

function Answer({ answer }: { readonly answer: Similarity }) {
  const { similarity, relevance, by, model } = answer
  return (
    <>
      <p class="similarity-number" role="status">
        <strong>{similarity.toFixed(2)}</strong> <span>{describeSimilarity(answer)}</span>
      </p>
      <div class="similarity-scale" aria-hidden="true">
        <meter class="share-meter" min={0} max={1} value={relevance} />
        <p class="muted small">
          <span>unrelated</span>
          <span>alike</span>
        </p>
      </div>
      <p class="muted small">
        The cosine of their vectors, by <bdi>{model}</bdi>
        {by === 'vectors'
          ? ' in the role SEMANTIC_SIMILARITY'
          : ', which compares words: what is said in other words is not seen'}
        . To be compared with other numbers of this model only. The bar is its place between what is unrelated
        and what is alike to this model.
      </p>
    </>
  )
}
