import { Command, InvalidArgumentError, Option } from 'commander'
import { settings } from '../settings.js'
import type { EmbedRole, Scope, SearchMode } from '../types.js'
import { type AskFlags, ask } from './commands/ask.js'
import { type ChatFlags, chat } from './commands/chat.js'
import { compact } from './commands/compact.js'
import { configGet } from './commands/config-get.js'
import { demo } from './commands/demo.js'
import { doctor } from './commands/doctor.js'
import { get, list, remove } from './commands/documents.js'
import { type EmbedFlags, embed, embedSession } from './commands/embed.js'
import { type EvalFlags, evaluate } from './commands/evaluate.js'
import { type IndexFlags, indexFolders } from './commands/index-folders.js'
import { addKey, type KeyFlags, listKeys, revokeKey } from './commands/keys.js'
import { type McpFlags, mcp } from './commands/mcp.js'
import { models } from './commands/models.js'
import { type SearchFlags, search } from './commands/search.js'
import { serve } from './commands/serve.js'
import {
  listSessions,
  removeSessions,
  renameSession,
  searchSessions,
  showSession,
} from './commands/sessions.js'
import { type SimilarFlags, similar } from './commands/similar.js'
import { status } from './commands/status.js'
import { type Context, createContext, type GlobalFlags, type Installation } from './context.js'
import type { ExitCode, Io } from './io.js'

const MODES: readonly SearchMode[] = ['hybrid', 'vector', 'keyword']
const SCOPES: readonly Scope[] = ['read', 'write', 'admin']
const TASKS = ['query', 'question', 'fact', 'code'] as const
const ROLES: readonly EmbedRole[] = [
  'document',
  'query',
  'question',
  'fact',
  'code',
  'similarity',
  'classification',
  'clustering',
]

/** The verbs with their flags. `done` gets the exit code of the verb that ran. */
export function createProgram(io: Io, installation: Installation, done: (code: ExitCode) => void): Command {
  const program = new Command('gemdex')
    .description('Turns folders of documents into a semantic search service with cited answers.')
    .version(installation.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--db <file>', settings.db.summary)
    .option('--config <file>', 'config file (JSON) instead of the one in $XDG_CONFIG_HOME/gemdex')
    .option('--embedder <name>', settings.embedder.summary)
    .option('--embedding-model <id>', settings.embeddingModel.summary)
    .option('--dimensions <n>', settings.dimensions.summary)
    .option('--generator <name>', settings.generator.summary)
    .option('--model <id>', settings.model.summary)
    .option('--log-level <level>', settings.logLevel.summary)
    .showHelpAfterError('(`gemdex --help` lists the verbs, `gemdex <verb> --help` their flags)')
    .showSuggestionAfterError()
    .configureOutput({ writeOut: (text) => io.out.write(text), writeErr: (text) => io.err.write(text) })
    .exitOverride()
    .addHelpText('after', EPILOGUE)
    .configureHelp({ showGlobalOptions: true })

  /** Runs a verb with the settings in force; flags of the verb itself may be settings too. */
  const run: Run = async (verb, flags = {}) => {
    done(await verb(createContext(io, installation, { ...(program.opts() as GlobalFlags), ...flags })))
  }
  addIndexVerbs(program, run)
  addAskingVerbs(program, run)
  addUpkeepVerbs(program, run)
  addServiceVerbs(program, run)
  return program
}

type JsonFlag = { json?: boolean }
type AddressFlags = { host?: string; port?: string }
type Run = (verb: (context: Context) => ExitCode | Promise<ExitCode>, flags?: GlobalFlags) => Promise<void>

function addIndexVerbs(program: Command, run: Run): void {
  program
    .command('index')
    .description('index or update folders and files')
    .argument('<path...>', 'folders or files')
    .option('-c, --collection <name>', "collection (default: the folder's name)")
    .option('--include <glob>', 'only files that match, in .gitignore syntax (may be repeated)', collect)
    .option('--exclude <glob>', 'leave out files that match, in .gitignore syntax (may be repeated)', collect)
    .option('--dry-run', 'say what it would take (files, passages, tokens, price, time), and do nothing')
    .option('--watch', 'go on, and index again whenever something changes')
    .option('--images', 'have Gemini describe pictures and read the text in them; each is a request')
    .option('--yes', 'do not ask before a run above $1 or a day of quota')
    .option('--force', 'read every file again, and let a suddenly empty folder remove what it held')
    .option('--json', 'print the reports as JSON')
    .action((paths: string[], flags: IndexFlags) => run((context) => indexFolders(context, paths, flags)))
  program
    .command('status')
    .description('state of the index')
    .option('--json', 'print as JSON')
    .option('--skipped', 'list what is not in the index, and why')
    .action((flags: JsonFlag & { skipped?: boolean }) => run((context) => status(context, flags)))
  program
    .command('list')
    .description('documents in the index')
    .option('-c, --collection <name>', 'only this collection')
    .option('--json', 'print as JSON')
    .action((flags: JsonFlag & { collection?: string }) => run((context) => list(context, flags)))
  program
    .command('get')
    .description('one document with its text, or the passage of a search result in its context')
    .argument('<id or path>', 'id of a document or passage, path within its folder, or path of the file')
    .option('--json', 'print as JSON')
    .action((reference: string, flags: JsonFlag) => run((context) => get(context, reference, flags)))
  program
    .command('remove')
    .description('remove documents from the index')
    .argument('<path or id...>', 'ids, paths within their folder, or paths of files')
    .option('--json', 'print what was removed as JSON')
    .action((references: string[], flags: JsonFlag) => run((context) => remove(context, references, flags)))
}

function addUpkeepVerbs(program: Command, run: Run): void {
  program
    .command('compact')
    .description('give the space of removed documents back, and make anew what search derives from the rest')
    .option('--json', 'print the size before and after as JSON')
    .action((flags: JsonFlag) => run((context) => compact(context, flags)))
}

function addAskingVerbs(program: Command, run: Run): void {
  addSearchVerb(program, run)
  program
    .command('ask')
    .description('answer a question from the documents, with sources')
    .argument('<question...>')
    .option('-c, --collection <name>', 'only this collection')
    .option('--filter <json>', 'only from documents that match')
    .option('--session <id>', 'go on with this conversation')
    .option('--image <file>', 'a picture that belongs to the question (may be repeated)', collect)
    .option('--no-stream', 'print the answer when it is complete')
    .option('--json', 'print as JSON')
    .action((words: string[], flags: AskFlags) => run((context) => ask(context, words.join(' '), flags)))
  program
    .command('chat')
    .description(
      'a conversation: questions that go on with the answers before (/history, /sources, /new, /quit)',
    )
    .option('-c, --collection <name>', 'only this collection')
    .option('--session <id>', 'go on with this conversation')
    .action((flags: ChatFlags) => run((context) => chat(context, flags)))
  addSessionVerbs(program, run)
  program
    .command('embed')
    .description(
      'print the vector of a text, of each line of standard input, or of each turn of a conversation',
    )
    .argument('[text or -]')
    .option('--session <id>', 'embed the turns of this conversation, and find them by meaning from then on')
    .addOption(new Option('--role <role>', 'what the vector is for').choices(ROLES).default('document'))
    .option('--title <title>', 'title of the document (role document only)')
    .option('--json', 'print model, dimensions and vectors as JSON')
    .action((text: string | undefined, { session, ...flags }: EmbedFlags & { session?: string }) =>
      run((context) =>
        session === undefined ? embed(context, text, flags) : embedSession(context, session, text, flags),
      ),
    )
}

function addSessionVerbs(program: Command, run: Run): void {
  const sessions = program.command('sessions').description('conversations that are kept')
  sessions
    .command('list')
    .description('all of them, the latest first')
    .option('--json', 'print as JSON')
    .action((flags: JsonFlag) => run((context) => listSessions(context, flags)))
  sessions
    .command('show')
    .description('one with its turns')
    .argument('<id>')
    .option('--json', 'print as JSON')
    .action((id: string, flags: JsonFlag) => run((context) => showSession(context, id, flags)))
  sessions
    .command('search')
    .description('find turns of past conversations, by their words and, where they were embedded, by meaning')
    .argument('<query...>')
    .option('-n, --limit <n>', 'turns, 1 to 100', wholeNumber, 10)
    .option('--json', 'print as JSON')
    .action((words: string[], flags: JsonFlag & { limit: number }) =>
      run((context) => searchSessions(context, words.join(' '), flags)),
    )
  sessions
    .command('rename')
    .description('give one another title')
    .argument('<id>')
    .argument('<title...>')
    .action((id: string, words: string[]) => run((context) => renameSession(context, id, words.join(' '))))
  sessions
    .command('remove')
    .description('remove conversations with all their turns')
    .argument('<id...>')
    .action((ids: string[]) => run((context) => removeSessions(context, ids)))
}

function addSearchVerb(program: Command, run: Run): void {
  program
    .command('search')
    .description('find passages')
    .argument('<query...>', 'words, "phrases" that must stand so, -words that must not (after --)')
    .option('-n, --limit <n>', 'hits, 1 to 100', wholeNumber, 10)
    .addOption(new Option('--mode <mode>', 'how to search').choices(MODES).default('hybrid'))
    .option('-c, --collection <name>', 'only this collection')
    .option(
      '--filter <json>',
      'only documents that match, such as {"author": "Ada", "path": {"$glob": "docs/**"}}',
    )
    .option('--since <date>', 'only documents of this date or later: 2024, 2024-03, 2024-03-05')
    .option('--before <date>', 'only documents before this date')
    .option('--facets <names>', 'count the values of these fields among what was found, comma-separated')
    .option('--min-score <x>', 'least relevance, 0 to 1', decimal)
    .addOption(
      new Option('--task <task>', 'what the query is, for models that make a difference')
        .choices(TASKS)
        .default('query'),
    )
    .option('--diversity <x>', 'how much hits are to differ from those above, 0 to 1', decimal)
    .option('--half-life <days>', 'age after which a document has lost half of what age can cost it', decimal)
    .option('--dates', 'take times named in the query, such as "last month", as a restriction')
    .option('--rerank', 'let the model that answers put the best hits in order (one call)')
    .option('--expand', 'let it add words that documents on the matter would hold')
    .option('--hyde', 'let it imagine an answer, and search with its vector too')
    .option('--explain', 'ranks, scores and words found of each hit, and how the query was understood')
    .option('--full', 'every matching passage, whole, instead of the best one of each document')
    .option('--json', 'print as JSON')
    .action((words: string[], flags: SearchFlags) =>
      run((context) => search(context, words.join(' '), flags)),
    )
  program
    .command('similar')
    .description('the documents nearest to one, by the vectors that are stored')
    .argument('<path or id>', 'path or id of a document, or id of a hit for that passage alone')
    .option('-n, --limit <n>', 'documents, 1 to 100', wholeNumber, 10)
    .option('-c, --collection <name>', 'only this collection')
    .option('--filter <json>', 'only documents that match')
    .option('--collapse', 'show near-duplicates of one another once')
    .option('--json', 'print as JSON')
    .action((reference: string, flags: SimilarFlags) => run((context) => similar(context, reference, flags)))
  program
    .command('eval')
    .description('measure search on questions with known answers')
    .argument('[folder]', 'corpus.jsonl, queries.jsonl and qrels/test.tsv, as in BEIR')
    .option(
      '--from-index <n>',
      'instead: questions that the model makes from passages of the index',
      wholeNumber,
    )
    .option('--split <name>', 'judgements of the folder', 'test')
    .option(
      '--setting <name>',
      'keyword, vector or hybrid, with +rerank, +expand, +hyde; further ones are tested against the first (may be repeated)',
      collect,
    )
    .option(
      '--gate <measure=x>',
      'exit with 1 when the last setting falls short, such as ndcg@10=0.70 (may be repeated)',
      collect,
    )
    .option('--run <file>', "write the last setting's ranking in TREC form")
    .option('--json', 'print as JSON')
    .action((folder: string | undefined, flags: EvalFlags) =>
      run((context) => evaluate(context, folder, flags)),
    )
}

function addServiceVerbs(program: Command, run: Run): void {
  program
    .command('serve')
    .description('HTTP service, with MCP at /mcp')
    .option('--host <address>', settings.host.summary)
    .option('--port <n>', settings.port.summary)
    .option('--create', 'make an empty index when there is none')
    .action(({ create, ...flags }: AddressFlags & { create?: boolean }) =>
      run((context) => serve(context, { create: create ?? false }), flags),
    )
  program
    .command('mcp')
    .description('MCP server on standard input and output, for one client')
    .option('-c, --collection <name>', 'only this collection (may be repeated)', collect)
    .action((flags: McpFlags) => run((context) => mcp(context, flags)))
  addKeyVerbs(program, run)
  program
    .command('demo')
    .description('index a folder (default: the sample documents), ask it one question, then serve it')
    .argument('[folder]')
    .option('--question <text>', 'the question to ask')
    .option('--host <address>', settings.host.summary)
    .option('--port <n>', settings.port.summary)
    .action((folder: string | undefined, { question, ...address }: AddressFlags & { question?: string }) =>
      run((context) => demo(context, folder, question), address),
    )
  program
    .command('models')
    .description('models that the key can use')
    .option('--method <name>', 'only those that offer a method, such as generateContent')
    .option('--json', 'print as JSON')
    .action((flags: JsonFlag & { method?: string }) => run((context) => models(context, flags)))
  program
    .command('config')
    .description('settings in force')
    .command('get')
    .description('settings in force and where each comes from')
    .argument('[name]', 'one setting')
    .option('--json', 'print as JSON')
    .action((name: string | undefined, flags: JsonFlag) => run((context) => configGet(context, name, flags)))
  program
    .command('doctor')
    .description('check the installation, with advice')
    .option('--json', 'print as JSON')
    .action((flags: JsonFlag) => run((context) => doctor(context, flags)))
}

function addKeyVerbs(program: Command, run: Run): void {
  const keys = program.command('keys').description('API keys of the HTTP service')
  keys
    .command('add')
    .description('make a key, and print it this once')
    .argument('<name>', 'who or what it is for')
    .addOption(
      new Option('--scope <scope>', 'what it may do (may be repeated; default: read)')
        .choices(SCOPES)
        .argParser((value, before: readonly string[] | undefined) => collect(checkScope(value), before)),
    )
    .option('-c, --collection <name>', 'only this collection (may be repeated)', collect)
    .option('--no-store', 'do not keep it in the index: print its entry for GEMDEX_API_KEYS')
    .option('--json', 'print as JSON')
    .action((name: string, flags: KeyFlags) => run((context) => addKey(context, name, flags)))
  keys
    .command('list')
    .description('the keys there are, without the keys themselves')
    .option('--json', 'print as JSON')
    .action((flags: JsonFlag) => run((context) => listKeys(context, flags)))
  keys
    .command('revoke')
    .description('let a key open nothing any more, from the next request on')
    .argument('<id or name>')
    .option('--forget', 'drop all that is known of it; a service without any key is open to this machine')
    .option('--json', 'print as JSON')
    .action((reference: string, flags: JsonFlag & { forget?: boolean }) =>
      run((context) => revokeKey(context, reference, flags)),
    )
}

function checkScope(value: string): string {
  if (!SCOPES.some((scope) => scope === value))
    throw new InvalidArgumentError(`Allowed choices are ${SCOPES.join(', ')}.`)
  return value
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

function wholeNumber(value: string): number {
  if (!/^-?\d+$/.test(value)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(value)
}

function decimal(value: string): number {
  if (value.trim() === '' || !Number.isFinite(Number(value)))
    throw new InvalidArgumentError('It must be a number.')
  return Number(value)
}

const EPILOGUE = `
Settings come from flags, then the environment (GOOGLE_API_KEY, GEMDEX_...), then a config file; \`gemdex config get\`
shows those in force. Exit codes: 0 done or found, 1 nothing found or refused, 2 error, 3 done but some files failed,
75 out of quota (run again to go on), 130 interrupted.

Examples:
  gemdex index ~/notes
  gemdex search "how do we back up the database"
  gemdex ask "Who approves travel above 500 euros?"
  gemdex chat
  gemdex serve`
