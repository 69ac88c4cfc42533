import type { AnswerEvent, AskOptions, Chat, SearchEngine } from '../../engine.js'
import { type GemdexError, toGemdexError } from '../../errors.js'
import type { Answer, Turn } from '../../types.js'
import type { Context } from '../context.js'
import { DONE, exitCodeOfAnswer, exitCodeOfError, INTERRUPTED } from '../exit-code.js'
import { formatSource } from '../format-hit.js'
import { printTurns } from '../format-turn.js'
import type { ExitCode } from '../io.js'
import { linkToSource, noteIfQuoted, printAnswer, type Roots, rootsOf } from '../print-answer.js'
import { readLines } from '../read-lines.js'
import { oneLine } from '../style.js'
import { parseFilterFlag } from './search.js'

export type ChatFlags = {
  readonly collection?: string
  readonly filter?: string
  readonly session?: string
}

const COMMANDS =
  '/history shows the turns, /sources the passages of the last question, /new begins anew, /quit ends'

type Source = Turn['sources'][number] & { readonly snippet?: string }

/** What goes on in one run of `chat`. */
type State = {
  readonly roots: Roots
  chat: Chat
  hasAnswered: boolean
  /** Of the last question, answered or not; those of a turn that was kept come without their words. */
  sources: readonly Source[]
  /** Whether that ended before an answer was there. */
  hasBrokenOff: boolean
  /** What the last question came to. */
  code: ExitCode
}

/**
 * `chat`: a conversation, a question on each line. Ctrl-C stops the answer, not the conversation. Gives 0, or what the last
 * question came to when the questions come from a pipe.
 */
export async function chat(context: Context, flags: ChatFlags): Promise<ExitCode> {
  const { io } = context
  const restriction = restrictionOf(flags)
  return context.withEngine({ ifMissing: 'fail' }, async (engine) => {
    const state: State = {
      roots: await rootsOf(context, engine),
      chat: engine.chat(flags.session),
      hasAnswered: false,
      sources: [],
      hasBrokenOff: false,
      code: DONE,
    }
    if (flags.session !== undefined) await goOn(context, state)
    context.note(context.errStyle.dim(`Conversation ${state.chat.id}. ${COMMANDS}.`))
    for await (const line of readLines(io, context.errStyle.bold('> '))) {
      const text = line.trim()
      if (text === '') continue
      if (text === '/quit' || text === '/exit') break
      if (text.startsWith('/')) await runCommand(context, engine, state, text)
      else await answer(context, state, text, restriction)
    }
    if (io.signal.aborted) return INTERRUPTED
    return io.isInteractive ? DONE : state.code
  })
}

/** What every question of the conversation is restricted to. Throws BAD_INPUT for a filter that is no JSON. */
function restrictionOf({ collection, filter }: ChatFlags): AskOptions {
  return {
    ...(collection === undefined ? {} : { collection }),
    ...(filter === undefined ? {} : { filter: parseFilterFlag(filter) }),
  }
}

/** Throws NOT_FOUND before anything is asked. */
async function goOn(context: Context, state: State): Promise<void> {
  const last = (await state.chat.history()).slice(-1)
  printTurns(context, last)
  state.sources = last.flatMap(({ sources }) => sources)
}

async function runCommand(
  context: Context,
  engine: SearchEngine,
  state: State,
  command: string,
): Promise<void> {
  switch (command) {
    case '/new':
      state.chat = engine.chat()
      state.sources = []
      state.hasBrokenOff = false
      context.note(context.errStyle.dim(`Conversation ${state.chat.id}.`))
      return
    case '/history':
      return printHistory(context, await state.chat.history())
    case '/sources':
      return printSources(context, state)
    default:
      if (command !== '/help') context.note(`There is no command ${oneLine(command)}.`)
      context.note(`${COMMANDS}.`)
  }
}

function printHistory(context: Context, turns: readonly Turn[]): void {
  if (turns.length === 0) context.note('There are no turns yet.')
  printTurns(context, turns)
}

function printSources(context: Context, { sources, hasBrokenOff, roots }: State): void {
  const { io, style, note } = context
  if (sources.length === 0)
    note(hasBrokenOff ? 'The last turn ended before any sources were found.' : 'There are no sources yet.')
  for (const [i, source] of sources.entries()) {
    io.out.write(`  [${i + 1}] ${linkToSource(context, formatSource(source), source, roots)}\n`)
    if (source.snippet !== undefined) io.out.write(`      ${style.dim(oneLine(source.snippet))}\n`)
  }
}

async function answer(
  context: Context,
  state: State,
  question: string,
  restriction: AskOptions,
): Promise<void> {
  const { io } = context
  const stop = new AbortController()
  const release = io.takeInterrupts(() => stop.abort())
  const options: AskOptions = {
    ...restriction,
    signal: AbortSignal.any([stop.signal, io.signal]),
  }
  state.sources = []
  state.hasBrokenOff = true
  try {
    const given: Answer = await printAnswer(context, keepSources(state, state.chat.ask(question, options)), {
      roots: state.roots,
      stream: true,
      followUp: question,
    })
    if (!state.hasAnswered) noteIfQuoted(context, given)
    state.hasAnswered = true
    state.sources = given.sources
    state.hasBrokenOff = false
    state.code = exitCodeOfAnswer(given)
    io.out.write('\n')
  } catch (thrown) {
    const error = toGemdexError(thrown)
    state.code = exitCodeOfError(error)
    noteFailure(context, error)
  } finally {
    release()
  }
}

/** Of a turn that is stopped, its sources are known when they have been found. */
async function* keepSources(state: State, events: AsyncIterable<AnswerEvent>): AsyncGenerator<AnswerEvent> {
  for await (const event of events) {
    if (event.type === 'sources') state.sources = event.sources
    yield event
  }
}

/** What goes wrong ends the turn, not the conversation. */
function noteFailure({ note, errStyle, io }: Context, { code, message, hint }: GemdexError): void {
  if (io.signal.aborted) return
  note(code === 'CANCELLED' ? 'Stopped.' : `${errStyle.warn('error')} ${oneLine(message)}`)
  if (hint !== undefined) note(`  ${oneLine(hint)}`)
}
