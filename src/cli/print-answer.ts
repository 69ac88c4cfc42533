import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AnswerEvent, SearchEngine } from '../engine.js'
import { GemdexError, toGemdexError } from '../errors.js'
import type { Answer, Citation, Hit, Usage } from '../types.js'
import type { Context } from './context.js'
import { formatSource } from './format-hit.js'
import type { Output } from './io.js'
import { createLiveText, type LiveText } from './live-text.js'
import { renderMarkdown } from './markdown/render-markdown.js'
import { count, formatNumber, oneLine, printable, type Style } from './style.js'

const USUAL_COLUMNS = 80
const NEAREST = 3
const MAX_QUOTE_CHARS = 160
const BULLET = /^[-*+•]\s+/u

/** Where the files of an index lie, by collection: what sources lead to on a terminal. */
export type Roots = ReadonlyMap<string, string>

export async function rootsOf({ io }: Context, engine: SearchEngine): Promise<Roots> {
  if (!io.out.isTerminal) return new Map()
  const { collections } = await engine.status()
  return new Map(collections.flatMap(({ name, root }) => (root === null ? [] : [[name, root] as const])))
}

type Printing = {
  readonly roots: Roots
  readonly stream: boolean
  /** The question as it was put, where it may go on from others: how it was understood is told first. */
  readonly followUp?: string
}

/**
 * Prints an answer with its sources. On a terminal the words appear as they come, rendered; what is read by another program
 * is Markdown, written once it is final, since what was streamed may still be taken back. When the answer breaks off, says so
 * and throws what it threw.
 */
export async function printAnswer(
  context: Context,
  events: AsyncIterable<AnswerEvent>,
  { roots, stream, followUp }: Printing,
): Promise<Answer> {
  const { io, style } = context
  const live = stream && io.out.isTerminal ? createLiveText(io.out, columnsOf(io.out), style) : undefined
  let final: Answer | undefined
  try {
    for await (const event of events) {
      if (event.type === 'sources') noteHowAsked(context, event.standaloneQuestion, followUp)
      if (event.type === 'delta') live?.push(event.text)
      if (event.type === 'done') final = event.answer
    }
    if (final === undefined) throw new GemdexError('INCOMPLETE', 'The answer ended without a result')
  } catch (error) {
    noteBrokenOff(context, error, live)
    throw error
  }
  live?.end()
  if (final.degraded !== undefined) context.note(context.errStyle.warn(oneLine(final.degraded)))
  printText(context, final, live)
  printOutcome(context, final, { roots, wasShown: live?.hasText ?? false })
  if (final.usage !== undefined) context.note(context.errStyle.dim(formatUsage(final.usage)))
  return final
}

function noteHowAsked({ note, errStyle }: Context, standaloneQuestion: string, followUp?: string): void {
  if (followUp === undefined || standaloneQuestion === followUp) return
  note(errStyle.dim(`Asked as: ${oneLine(standaloneQuestion)}`))
}

/** What had come of an answer is incomplete: on a terminal it has been shown, elsewhere it is told on standard error. */
export function noteBrokenOff(context: Context, thrown: unknown, live?: LiveText): void {
  const { partialAnswer } = toGemdexError(thrown)
  if (live?.hasText) {
    live.end()
    context.note(context.errStyle.warn('The answer broke off: what is shown above is incomplete.'))
  } else if (partialAnswer !== undefined && partialAnswer !== '') {
    context.note(context.errStyle.warn('The answer broke off. What had come of it is incomplete:'))
    context.note(printable(partialAnswer))
  }
}

function printText({ io, style }: Context, { answer }: Answer, live: LiveText | undefined): void {
  if (answer === '' || (live?.hasText && answer.trim() === live.text.trim())) return
  if (live?.hasText) io.out.write('\nCorrected answer:\n')
  io.out.write(
    io.out.isTerminal ? renderMarkdown(answer, columnsOf(io.out), style) : `${printable(answer).trimEnd()}\n`,
  )
}

type Shown = { readonly roots: Roots; readonly wasShown: boolean }

function printOutcome(context: Context, answer: Answer, shown: Shown): void {
  const { io, style } = context
  if (answer.status !== 'answered') {
    const taken = shown.wasShown && answer.answer === '' ? ' What was shown above is withdrawn.' : ''
    io.out.write(`${style.warn(headline(answer, shown))} ${printable(answer.reason ?? '')}${taken}\n`)
  }
  if (answer.unsupported.length > 0) {
    const sentences = answer.unsupported.map(
      ({ start, end }) => `  - ${oneLine(answer.answer.slice(start, end)).replace(BULLET, '')}`,
    )
    io.out.write(`\n${style.warn('Not found in the sources:')}\n${sentences.join('\n')}\n`)
  }
  if (answer.citations.length > 0) {
    io.out.write(`\n${style.bold('Sources')}\n${sourceLines(context, answer, shown.roots).join('\n')}\n`)
  } else if (answer.status === 'refused' && answer.sources.length > 0) {
    const nearest = answer.sources
      .slice(0, NEAREST)
      .map((hit) => `  ${linkToSource(context, formatSource(hit), hit, shown.roots)}`)
    io.out.write(`Nearest passages:\n${nearest.join('\n')}\n`)
  }
}

function headline({ status }: Answer, { wasShown }: Shown): string {
  switch (status) {
    case 'answered':
      return ''
    case 'refused':
      return wasShown ? 'The documents do not support this.' : 'The documents do not answer this.'
    case 'truncated':
      return 'The answer is cut short.'
    case 'blocked':
      return 'Blocked by the model.'
    case 'empty':
      return 'The model gave no answer.'
  }
}

/** A passage that was cited, with its words, and how many of the sentences that cite it were found to be borne by it. */
function sourceLines(context: Context, { citations, sources }: Answer, roots: Roots): string[] {
  const { style } = context
  const markers = [...new Set(citations.map(({ marker }) => marker))].sort((a, b) => a - b)
  return markers.flatMap((marker) => {
    const cited = citations.filter((citation) => citation.marker === marker)
    const [first] = cited
    if (first === undefined) return []
    const hit = sources.find(({ id }) => id === first.hitId)
    const name = linkToSource(context, formatSource(first), hit, roots)
    const quote = shorten(oneLine((cited.find((citation) => citation.verified) ?? first).quote))
    return [
      `  [${marker}] ${name} ${formatVerdict(cited, style)}`,
      ...(quote === '' ? [] : [`      ${style.dim(`"${quote}"`)}`]),
    ]
  })
}

function formatVerdict(cited: readonly Citation[], style: Style): string {
  const verified = cited.filter((citation) => citation.verified).length
  if (verified === cited.length) return style.good('verified')
  return style.warn(verified === 0 ? 'not verified' : `verified for ${verified} of ${cited.length} sentences`)
}

/** The name of a source, on a terminal with a link to its file. */
export function linkToSource(
  { style }: Context,
  text: string,
  hit: Pick<Hit, 'collection' | 'uri'> | undefined,
  roots: Roots,
): string {
  const root = hit === undefined ? undefined : roots.get(hit.collection)
  if (hit === undefined || root === undefined) return text
  return style.link(text, pathToFileURL(join(root, hit.uri)).href)
}

function shorten(quote: Citation['quote']): string {
  return quote.length <= MAX_QUOTE_CHARS
    ? quote
    : `${quote.slice(0, MAX_QUOTE_CHARS).replace(/[\ud800-\udbff]$/, '')} …`
}

/** Says plainly that nobody wrote the answer. */
export function noteIfQuoted(context: Context, { model }: Answer): void {
  if (!model.startsWith('local-')) return
  context.note(
    context.errStyle.dim(
      'Quoted by the built-in lexical provider, without a model. Set GOOGLE_API_KEY for written answers.',
    ),
  )
}

/** `2,210 tokens read, 18 written, 96 thought; $0.0011`. */
export function formatUsage({ promptTokens, answerTokens, thinkingTokens, priceUsd }: Usage): string {
  const parts = [
    `${count(promptTokens, 'token')} read`,
    `${formatNumber(answerTokens)} written`,
    ...(thinkingTokens === 0 ? [] : [`${formatNumber(thinkingTokens)} thought`]),
  ]
  return parts.join(', ') + (priceUsd === undefined ? '' : `; $${priceUsd.toFixed(4)}`)
}

function columnsOf({ columns }: Output): number {
  return columns ?? USUAL_COLUMNS
}
