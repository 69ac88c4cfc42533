import { useState } from 'preact/hooks'
import type { Citation } from '../../api/client.js'
import { HitPlace } from '../search/hit-card.js'
import { Icon } from '../shared/icons.js'
import { Markdown } from '../shared/markdown/markdown.js'
import { ErrorNotice, Note } from '../shared/notices.js'
import { plainSnippet } from '../shared/snippet.js'
import { formatRoute } from '../state/route.js'
import { CitationMarker, citationLink } from './citation-marker.js'
import type { Exchange, Source } from './exchange.js'

/** A question and its answer. */
export function ExchangeView({ exchange }: { readonly exchange: Exchange }) {
  const { question, pictures, standaloneQuestion, phase, text } = exchange
  const asked = standaloneQuestion.trim()
  return (
    <article class="exchange">
      <h2 class="question" dir="auto">
        {question}
      </h2>
      {pictures.length > 0 && (
        <ul class="pictures">
          {pictures.map((url, i) => (
            <li key={url}>
              <img src={url} alt={`No. ${i + 1} of the question`} />
            </li>
          ))}
        </ul>
      )}
      {asked !== '' && asked !== question.trim() && (
        <p class="standalone" dir="auto">
          Searched for: <q>{asked}</q>
        </p>
      )}
      <div class="answer" aria-busy={phase === 'searching' || phase === 'writing'} aria-live="polite">
        {phase === 'searching' && <p class="muted">Looking for passages …</p>}
        {phase === 'writing' && text === '' && (
          <p class="muted">Reading {exchange.sources.length} passages …</p>
        )}
        <Outcome exchange={exchange} />
        {text !== '' && exchange.status !== 'refused' && (
          <Markdown
            text={text}
            drawMarker={(marker, at) => <CitationMarker {...{ marker, at, exchange }} />}
          />
        )}
      </div>
      {exchange.error !== undefined && <ErrorNotice error={exchange.error} />}
      {phase === 'done' && <Foot exchange={exchange} />}
    </article>
  )
}

const OUTCOMES: Readonly<Partial<Record<NonNullable<Exchange['status']>, string>>> = {
  refused: 'The documents do not say.',
  truncated: 'The answer stops before its end.',
  blocked: 'The provider of the model blocked this answer.',
  empty: 'The model gave no text.',
  failed: 'This answer broke off.',
}

/** Why there is no whole answer. */
function Outcome({ exchange: { status, phase, reason, degraded } }: { readonly exchange: Exchange }) {
  const outcome = phase === 'stopped' ? 'Stopped.' : status && OUTCOMES[status]
  return (
    <>
      {degraded !== undefined && (
        <Note>
          <strong>Passages were found by keywords only.</strong> {degraded}
        </Note>
      )}
      {outcome !== undefined && (
        <p class="outcome">
          <strong>{outcome}</strong> {reason !== undefined && <span dir="auto">{reason}</span>}
        </p>
      )}
    </>
  )
}

function Foot({ exchange }: { readonly exchange: Exchange }) {
  const { citations, sources, status, text, unsupported, model } = exchange
  const unverified = unsupported.map(({ start, end }) => text.slice(start, end).trim()).filter(Boolean)
  return (
    <div class="answer-foot">
      {citations.length > 0 && <CitedPassages citations={citations} />}
      {unverified.length > 0 && status !== 'refused' && (
        <details class="unverified">
          <summary>
            {unverified.length === 1
              ? 'One statement was not found in the passages'
              : `${unverified.length} statements were not found in the passages`}
          </summary>
          <ul>
            {unverified.map((statement) => (
              <li key={statement} dir="auto">
                {statement}
              </li>
            ))}
          </ul>
        </details>
      )}
      {citations.length === 0 && sources.length > 0 && (
        <NearestPassages sources={sources} isRefused={status === 'refused'} />
      )}
      <p class="answer-tools">
        {text !== '' && status !== 'refused' && <CopyButton text={text} />}
        {model !== undefined && <span class="muted small">{model}</span>}
      </p>
    </div>
  )
}

/** One line for each number: the passage that its first citation names. */
function CitedPassages({ citations }: { readonly citations: readonly Citation[] }) {
  const byMarker = new Map<number, Citation>()
  for (const citation of citations) {
    const known = byMarker.get(citation.marker)
    if (known === undefined || (!known.verified && citation.verified)) byMarker.set(citation.marker, citation)
  }
  return (
    <ol class="sources" aria-label="Cited passages">
      {[...byMarker.values()]
        .sort((a, b) => a.marker - b.marker)
        .map((citation) => (
          <li key={citation.marker}>
            <span class="source-number" data-verified={citation.verified}>
              {citation.marker}
            </span>
            <div>
              <a href={citationLink(citation)} dir="auto">
                {citation.title}
              </a>{' '}
              {!citation.verified && <span class="badge">not verified</span>}
              {citation.quote !== '' && (
                <p class="source-quote" dir="auto">
                  {citation.quote}
                </p>
              )}
            </div>
          </li>
        ))}
    </ol>
  )
}

function NearestPassages({
  sources,
  isRefused,
}: {
  readonly sources: readonly Source[]
  readonly isRefused: boolean
}) {
  return (
    <section class="nearest">
      <h3>{isRefused ? 'The nearest passages' : 'Passages that were read'}</h3>
      <ol>
        {sources.slice(0, 5).map((source) => (
          <li key={source.id}>
            <a href={formatRoute({ view: 'document', id: source.documentId, passage: source.id })} dir="auto">
              {source.title}
            </a>
            <HitPlace hit={source} />
            {source.snippet !== undefined && (
              <p class="source-quote" dir="auto">
                {plainSnippet({ snippet: source.snippet, highlights: [] }).text}
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

function CopyButton({ text }: { readonly text: string }) {
  const [isCopied, setCopied] = useState(false)
  // Browsers have none on pages of other machines without HTTPS.
  if (navigator.clipboard === undefined) return null
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 2_000)
  }
  return (
    <button type="button" class="link-button small" onClick={() => void copy()}>
      <Icon name={isCopied ? 'check' : 'copy'} /> {isCopied ? 'Copied' : 'Copy'}
    </button>
  )
}
