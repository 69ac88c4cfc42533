import type { AskOptions } from '../../engine.js'
import { GemdexError } from '../../errors.js'
import type { Context } from '../context.js'
import { exitCodeOfAnswer } from '../exit-code.js'
import type { ExitCode } from '../io.js'
import { noteBrokenOff, noteIfQuoted, printAnswer, rootsOf } from '../print-answer.js'
import { readImage } from '../read-image.js'
import { parseFilterFlag } from './search.js'

export type AskFlags = {
  readonly collection?: string
  readonly filter?: string
  readonly session?: string
  readonly image?: readonly string[]
  readonly json?: boolean
  readonly stream?: boolean
}

/** `ask <question>` */
export async function ask(context: Context, question: string, flags: AskFlags): Promise<ExitCode> {
  const { io } = context
  if (question.trim() === '')
    throw new GemdexError('BAD_INPUT', 'The question is empty', {
      hint: 'Ask something: `gemdex ask "Who approves travel?"`.',
      field: 'question',
    })
  const images = await Promise.all((flags.image ?? []).map((path) => readImage(path, io.cwd)))
  const options: AskOptions = {
    ...(flags.collection === undefined ? {} : { collection: flags.collection }),
    ...(flags.filter === undefined ? {} : { filter: parseFilterFlag(flags.filter) }),
    ...(flags.session === undefined ? {} : { sessionId: flags.session }),
    ...(images.length === 0 ? {} : { images }),
    signal: io.signal,
  }
  return context.withIndex(async (engine) => {
    if (flags.json) {
      const answer = await engine.answer(question, options).catch((error: unknown) => {
        noteBrokenOff(context, error)
        throw error
      })
      context.json(answer)
      return exitCodeOfAnswer(answer)
    }
    const roots = await rootsOf(context, engine)
    const followUp = flags.session === undefined ? {} : { followUp: question }
    const printing = { roots, stream: flags.stream ?? true, ...followUp }
    const answer = await printAnswer(context, engine.ask(question, options), printing)
    noteIfQuoted(context, answer)
    return exitCodeOfAnswer(answer)
  })
}
