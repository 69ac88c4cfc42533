import type { SearchEngine } from '../../engine.js'
import { GemdexError } from '../../errors.js'
import type { Answer, Hit } from '../../types.js'
import type { Context } from '../context.js'
import { exitCodeOfAnswer } from '../exit-code.js'
import { formatSource } from '../format-hit.js'
import type { ExitCode } from '../io.js'
import { printable } from '../style.js'

export type AskFlags = { readonly collection?: string; readonly json?: boolean; readonly stream?: boolean }

/** `ask <question>` */
export async function ask(context: Context, question: string, flags: AskFlags): Promise<ExitCode> {
  return context.withEngine({ ifMissing: 'fail' }, async (engine) => {
    const collection = flags.collection === undefined ? {} : { collection: flags.collection }
    if (flags.json) {
      const answer = await engine.answer(question, { ...collection, signal: context.io.signal })
      context.json(answer)
      return exitCodeOfAnswer(answer)
    }
    return exitCodeOfAnswer(
      await printAnswer(context, engine, question, { ...collection, stream: flags.stream ?? true }),
    )
  })
}

/**
 * Prints an answer with its sources. On a terminal the words appear as they come; what is read by another program is
 * written once it is final, since what was streamed may still be taken back.
 */
export async function printAnswer(
  context: Context,
  engine: SearchEngine,
  question: string,
  options: { readonly collection?: string; readonly stream: boolean },
): Promise<Answer> {
  const { io } = context
  const { stream, ...askOptions } = options
  const live = stream && io.out.isTerminal
  let shown = ''
  let final: Answer | undefined
  for await (const event of engine.ask(question, { ...askOptions, signal: io.signal })) {
    if (event.type === 'delta' && live) {
      shown += event.text
      io.out.write(printable(event.text))
    }
    if (event.type === 'done') final = event.answer
  }
  if (final === undefined) throw new GemdexError('INCOMPLETE', 'The answer ended without a result')
  if (final.degraded !== undefined) context.note(context.errStyle.warn(final.degraded))
  if (shown !== '') io.out.write('\n')
  if (final.answer !== '' && final.answer.trim() !== shown.trim()) {
    if (shown !== '') io.out.write('\nCorrected answer:\n')
    io.out.write(`${printable(final.answer)}\n`)
  }
  printOutcome(context, final, shown !== '')
  return final
}

function printOutcome(context: Context, answer: Answer, wasShown: boolean): void {
  const { io, style } = context
  if (answer.status !== 'answered') {
    const taken = wasShown && answer.answer === '' ? ' What was shown above is withdrawn.' : ''
    io.out.write(`${style.warn(headline(answer))} ${printable(answer.reason ?? '')}${taken}\n`)
  }
  if (answer.citations.length > 0) {
    io.out.write(`\n${style.bold('Sources')}\n${sourceLines(context, answer).join('\n')}\n`)
  } else if (answer.status === 'refused' && answer.sources.length > 0) {
    const nearest = answer.sources.slice(0, 3).map((hit: Hit) => `  ${formatSource(hit)}`)
    io.out.write(`Nearest passages:\n${nearest.join('\n')}\n`)
  }
  if (answer.model.startsWith('local-')) {
    context.note(
      context.errStyle.dim(
        'Quoted by the built-in lexical provider, without a model. Set GOOGLE_API_KEY for written answers.',
      ),
    )
  }
}

function headline({ status }: Answer): string {
  switch (status) {
    case 'answered':
      return ''
    case 'refused':
      return 'The documents do not answer this.'
    case 'truncated':
      return 'The answer is cut short.'
    case 'blocked':
      return 'Blocked by the model.'
    case 'empty':
      return 'The model gave no answer.'
  }
}

/** One line per cited passage: verified when every sentence that cites it was found to be borne by it. */
function sourceLines({ style }: Context, answer: Answer): string[] {
  const markers = [...new Set(answer.citations.map(({ marker }) => marker))].sort((a, b) => a - b)
  return markers.flatMap((marker) => {
    const cited = answer.citations.filter((citation) => citation.marker === marker)
    const [first] = cited
    if (first === undefined) return []
    const verified = cited.every((citation) => citation.verified)
    return [
      `  [${marker}] ${formatSource(first)} ${verified ? style.good('verified') : style.warn('not verified')}`,
    ]
  })
}
