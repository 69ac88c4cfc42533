import type { Hit } from '../../api/client.js'

type HitExplanation = NonNullable<Hit['explain']>

/** The parts of a hit's score. */
export function Explanation({
  hit,
  explanation: { keyword, vector, matchedTerms, idfShare, recency, similarToAbove, rankBeforeRerank },
}: {
  readonly hit: Hit
  readonly explanation: HitExplanation
}) {
  return (
    <dl class="explanation">
      <Ranked name="Words" scoreName="BM25" list={keyword} />
      <Ranked name="Vectors" scoreName="cosine" list={vector} />
      <Part name="Found">
        {matchedTerms.length === 0 ? (
          'none of the words'
        ) : (
          <>
            <bdi>{matchedTerms.join(', ')}</bdi>: {Math.round(idfShare * 100)} % of what the query weighs
          </>
        )}
      </Part>
      <Part name="Relevance">{hit.relevance.toFixed(2)} of 1, comparable between searches</Part>
      {recency !== undefined && (
        <Part name="Age">
          {recency.ageDays} days: score × {recency.factor.toFixed(2)}
        </Part>
      )}
      {similarToAbove !== undefined && (
        <Part name="Likeness">{similarToAbove.toFixed(2)} to a hit above</Part>
      )}
      {rankBeforeRerank !== undefined && (
        <Part name="Before">rank {rankBeforeRerank}, until the model put them in order</Part>
      )}
    </dl>
  )
}

function Ranked({
  name,
  scoreName,
  list,
}: {
  readonly name: string
  readonly scoreName: string
  readonly list: HitExplanation['keyword']
}) {
  return (
    <Part name={name}>
      {list === undefined
        ? 'not among the best'
        : `rank ${list.rank} (${scoreName} ${list.score.toFixed(2)}), adds ${list.fused.toPrecision(2)}`}
    </Part>
  )
}

function Part({ name, children }: { readonly name: string; readonly children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
