import { realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SearchEngine } from '../../engine.js'
import { toGemdexError } from '../../errors.js'
import type { DocumentSummary } from '../../types.js'
import type { Context } from '../context.js'
import { NOTHING } from '../exit-code.js'
import { formatHit } from '../format-hit.js'
import type { ExitCode, Io } from '../io.js'
import { noteIfQuoted, printAnswer, rootsOf } from '../print-answer.js'
import { oneLine, shellWord } from '../style.js'
import { announceProvider, consents, indexOne } from './index-folders.js'
import { openMetrics, refuseToServe, serveEngine } from './serve.js'

const SAMPLE_FOLDER = fileURLToPath(new URL('../../../data/sample', import.meta.url))
const SAMPLE_QUESTION = 'When is mountain rescue alerted after a party has missed its check-in?'
const HITS = 3

/** Where a demonstration keeps its index: one file for each embedding model, so that both can be tried. */
function demoIndexFile(cwd: string, model: string): string {
  return join(cwd, '.gemdex', `demo-${model.replace(/[^\w.-]/g, '_')}.db`)
}

/** `demo [folder]`: indexes a folder, searches it, answers one question from it, then serves it. */
export async function demo(
  context: Context,
  folder: string | undefined,
  asked: string | undefined,
): Promise<ExitCode> {
  const { io, style, config } = context
  const provider = await context.withEngine(
    { ifMissing: 'memory', db: ':memory:' },
    async (engine) => (await engine.modelsInUse()).provider,
  )
  const own = demoIndexFile(io.cwd, provider === 'local' ? 'local' : config.embeddingModel)
  const db = config.sources.db === 'default' ? own : config.db
  const metrics = await openMetrics()
  const { observer } = metrics
  return context.withEngine({ ifMissing: 'create', db, observer }, async (engine) => {
    await refuseToServe(context, engine)
    const path = folder ?? SAMPLE_FOLDER
    await announceProvider(context, engine)
    if (!(await consents(context, engine, [path], {}))) return NOTHING
    const { collection } = await indexOne(context, engine, path, await freeName(engine, path))
    const question =
      asked ?? (folder === undefined ? SAMPLE_QUESTION : await questionAbout(engine, collection))
    if (question === undefined) {
      io.out.write('No document of this folder can be read yet, so there is nothing to ask or to serve.\n')
      return NOTHING
    } else {
      io.out.write(`\n${style.bold('Question')} ${oneLine(question)}\n\n${style.bold('Hits')}\n`)
      const { hits } = await engine.search({ query: question, limit: HITS, collection, signal: io.signal })
      for (const [i, hit] of hits.entries()) io.out.write(`${formatHit(hit, i + 1, style)}\n`)
      io.out.write(`${style.bold('Answer')}\n`)
      const events = engine.ask(question, { collection, signal: io.signal })
      await printAnswer(context, events, { roots: await rootsOf(context, engine), stream: true }).then(
        (answer) => noteIfQuoted(context, answer),
        (error: unknown) => noteFailure(context, error),
      )
    }
    io.out.write(
      `\nTry it yourself: ${programOf(io)} --db ${shellWord(shortPath(db, io.cwd))} search "..." (or ask "...")\n`,
    )
    return serveEngine(context, engine, metrics)
  })
}

/** What starts gemdex where it was started: `npm start` puts no `gemdex` on the path. */
function programOf({ env }: Io): string {
  return env.npm_lifecycle_event === 'start' ? 'node dist/main.js' : 'gemdex'
}

/** Relative where it lies below the current folder. */
function shortPath(path: string, cwd: string): string {
  const short = relative(cwd, path)
  return short.startsWith('..') || isAbsolute(short) ? path : short
}

/** Folders of the same name share the index of the demonstration, each under a name of its own. */
async function freeName(engine: SearchEngine, path: string): Promise<{ collection?: string }> {
  const root = await realpath(path).catch(() => path)
  const taken = (await engine.status()).collections.filter((collection) => collection.root !== root)
  const name = basename(root)
  if (!taken.some((collection) => collection.name === name)) return {}
  return { collection: `${basename(dirname(root))}-${name}` }
}

/** An answer that fails is told, and what there is is served all the same. Ctrl-C ends the demonstration. */
function noteFailure(context: Context, thrown: unknown): void {
  const { code, message, hint } = toGemdexError(thrown)
  if (code === 'CANCELLED') throw thrown
  context.note(context.errStyle.warn(`No answer: ${oneLine(message)}`))
  if (hint !== undefined) context.note(oneLine(hint))
}

/** A question that the longest document should answer, made of its title. */
async function questionAbout(engine: SearchEngine, collection: string): Promise<string | undefined> {
  const { items: all } = await engine.listDocuments({ limit: 500, collection })
  // Logs and data are long too, but nobody asks about them; a real title has some words.
  const written = all.filter(
    ({ type, title }) => type !== 'text/plain' && title.trim().split(/\s+/).length > 2,
  )
  const items = written.length > 0 ? written : all
  const longest = items.reduce<DocumentSummary | undefined>(
    (best, document) => (best === undefined || document.expected > best.expected ? document : best),
    undefined,
  )
  return longest && `What is ${longest.title} about?`
}
