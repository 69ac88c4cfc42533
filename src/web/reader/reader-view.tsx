import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { DocumentContent, DocumentSummary } from '../../api/client.js'
import { DocumentPlace } from '../shared/document-link.js'
import { formatBytes, formatDate, formatType } from '../shared/format.js'
import { Icon } from '../shared/icons.js'
import { ErrorNotice, Loading } from '../shared/notices.js'
import { usePage } from '../state/page-context.js'
import { type DocumentRoute, EMPTY_SEARCH } from '../state/route.js'
import { useLoad } from '../state/use-load.js'
import { DocumentBlock } from './document-block.js'
import { Outline } from './outline.js'
import { SimilarDocuments } from './similar-documents.js'
import { type Focus, findFocus, overlaps, partName } from './split-document.js'

/** A document to read, at the passage that led to it. */
export function ReaderView({ route }: { readonly route: DocumentRoute }) {
  const { value, error, isLoading, reload } = useLoad(`document ${route.id}`, async (client, signal) => {
    const [summary, content] = await Promise.all([
      client.documents.get(route.id, { signal }),
      client.documents.content(route.id, { signal }),
    ])
    return { summary, content }
  })
  return (
    <main class="view reader-view">
      <BackButton />
      {value === undefined && isLoading && <Loading what="Opening the document …" />}
      {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
      {value !== undefined && <OpenDocument {...value} route={route} />}
    </main>
  )
}

function BackButton() {
  const { router } = usePage()
  return (
    <button
      type="button"
      class="link-button reader-back"
      onClick={() => (history.length > 1 ? router.back() : router.go(EMPTY_SEARCH))}
    >
      <Icon name="back" /> Back
    </button>
  )
}

/** Blocks that are drawn at once. */
const BLOCKS = 1_500

function OpenDocument({
  summary,
  content,
  route,
}: {
  readonly summary: DocumentSummary
  readonly content: DocumentContent
  readonly route: DocumentRoute
}) {
  const focus = useMemo(() => findFocus(content, route.passage, route.quote), [content, route])
  const blocks = useMemo(() => blocksOf(content), [content])
  const target = focus.quote ?? focus.passage
  const targetBlock = Math.max(
    0,
    blocks.findIndex((block) => overlaps(block, target)),
  )
  const [first, setFirst] = useState(Math.max(0, targetBlock - BLOCKS / 2))
  const article = useRef<HTMLElement>(null)
  const { takeScroll } = usePage().router

  useLayoutEffect(() => {
    const scroll = takeScroll()
    const marked = article.current?.querySelector('.quote, .in-passage')
    if (scroll !== undefined) window.scrollTo(0, scroll)
    else if (marked == null) window.scrollTo(0, 0)
    else marked.scrollIntoView({ block: 'center' })
    article.current?.focus({ preventScroll: true })
  }, [content, focus])

  const show = (block: number) => {
    if (block < first || block >= first + BLOCKS) setFirst(Math.max(0, block - 10))
    requestAnimationFrame(() =>
      article.current?.querySelector(`[data-block="${block}"]`)?.scrollIntoView({ block: 'start' }),
    )
  }

  return (
    <div class="reader-columns">
      <Outline content={content} onShow={show} />
      <article ref={article} class="reader" tabIndex={-1} aria-label={summary.title}>
        <DocumentHead summary={summary} />
        {first > 0 && (
          <button type="button" class="button" onClick={() => setFirst(Math.max(0, first - BLOCKS))}>
            Show what stands before
          </button>
        )}
        <Blocks {...{ blocks, first, content, focus }} isMarkdown={summary.type === 'text/markdown'} />
        {first + BLOCKS < blocks.length && (
          <button type="button" class="button" onClick={() => setFirst(first + BLOCKS)}>
            Show what follows
          </button>
        )}
      </article>
      <SimilarDocuments id={route.id} />
    </div>
  )
}

function Blocks({
  blocks,
  first,
  content,
  focus,
  isMarkdown,
}: {
  readonly blocks: DocumentContent['blocks']
  readonly first: number
  readonly content: DocumentContent
  readonly focus: Focus
  readonly isMarkdown: boolean
}) {
  let part = ''
  return (
    <>
      {blocks.slice(first, first + BLOCKS).map((block, i) => {
        const name = partName(block.location)
        const begins = name !== part && name !== ''
        part = name
        return (
          <div key={first + i} data-block={first + i}>
            {begins && (
              <p class="part-name">
                <bdi>{name}</bdi>
              </p>
            )}
            <DocumentBlock text={content.text} block={block} focus={focus} isMarkdown={isMarkdown} />
          </div>
        )
      })}
    </>
  )
}

/** A text without parts is one. */
function blocksOf({ blocks, text }: DocumentContent): DocumentContent['blocks'] {
  if (blocks.length > 0) return blocks
  return [{ kind: 'text', start: 0, end: text.length, location: { kind: 'section', path: [] } }]
}

function DocumentHead({ summary }: { readonly summary: DocumentSummary }) {
  const { author } = summary.metadata
  const facts = [
    formatType(summary.type),
    formatDate(summary.dateMs),
    formatBytes(summary.sizeBytes),
    ...(typeof author === 'string' ? [author] : []),
  ]
  return (
    <header class="reader-head">
      <h1 dir="auto">{summary.title}</h1>
      <DocumentPlace collection={summary.collection} uri={summary.uri} />
      <p class="muted small" dir="auto">
        {facts.join(' · ')}
      </p>
    </header>
  )
}
