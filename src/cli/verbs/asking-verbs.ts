import { type Command, Option } from 'commander'
import type { EmbedRole } from '../../types.js'
import type { AskFlags } from '../commands/ask.js'
import type { ChatFlags } from '../commands/chat.js'
import type { EmbedFlags } from '../commands/embed.js'
import { collect, group, type JsonFlag, type Run, wholeNumber } from './run.js'
import { addSearchVerb } from './search-verbs.js'

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

export function addAskingVerbs(program: Command, run: Run): void {
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
    .action((words: string[], flags: AskFlags) =>
      run(
        () => import('../commands/ask.js'),
        ({ ask }, context) => ask(context, words.join(' '), flags),
      ),
    )
  program
    .command('chat')
    .description(
      'a conversation: questions that go on with the answers before (/history, /sources, /new, /quit)',
    )
    .option('-c, --collection <name>', 'only this collection')
    .option('--filter <json>', 'only from documents that match')
    .option('--session <id>', 'go on with this conversation')
    .action((flags: ChatFlags) =>
      run(
        () => import('../commands/chat.js'),
        ({ chat }, context) => chat(context, flags),
      ),
    )
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
      run(
        () => import('../commands/embed.js'),
        ({ embed, embedSession }, context) =>
          session === undefined ? embed(context, text, flags) : embedSession(context, session, text, flags),
      ),
    )
}

export function addSessionVerbs(program: Command, run: Run): void {
  const sessions = group(program, 'sessions').description('conversations that are kept')
  sessions
    .command('list')
    .description('all of them, the latest first')
    .option('--json', 'print as JSON')
    .action((flags: JsonFlag) =>
      run(
        () => import('../commands/sessions.js'),
        ({ listSessions }, context) => listSessions(context, flags),
      ),
    )
  sessions
    .command('show')
    .description('one with its turns')
    .argument('<id>')
    .option('--json', 'print as JSON')
    .action((id: string, flags: JsonFlag) =>
      run(
        () => import('../commands/sessions.js'),
        ({ showSession }, context) => showSession(context, id, flags),
      ),
    )
  sessions
    .command('search')
    .description('find turns of past conversations, by their words and, where they were embedded, by meaning')
    .argument('<query...>')
    .option('-n, --limit <n>', 'turns, 1 to 100', wholeNumber, 10)
    .option('--json', 'print as JSON')
    .action((words: string[], flags: JsonFlag & { limit: number }) =>
      run(
        () => import('../commands/sessions.js'),
        ({ searchSessions }, context) => searchSessions(context, words.join(' '), flags),
      ),
    )
  sessions
    .command('rename')
    .description('give one another title')
    .argument('<id>')
    .argument('<title...>')
    .action((id: string, words: string[]) =>
      run(
        () => import('../commands/sessions.js'),
        ({ renameSession }, context) => renameSession(context, id, words.join(' ')),
      ),
    )
  sessions
    .command('remove')
    .description('remove conversations with all their turns')
    .argument('<id...>')
    .action((ids: string[]) =>
      run(
        () => import('../commands/sessions.js'),
        ({ removeSessions }, context) => removeSessions(context, ids),
      ),
    )
}
