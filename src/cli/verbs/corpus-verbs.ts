import { type Command, Option } from 'commander'
import type { ClassifyFlags } from '../commands/classify.js'
import type { DuplicatesFlags } from '../commands/duplicates.js'
import type { TopicsFlags } from '../commands/topics.js'
import { collect, decimal, type Run, wholeNumber } from './run.js'

export function addCorpusVerbs(program: Command, run: Run): void {
  program
    .command('duplicates')
    .description(
      'documents and passages that are in the index more than once, or nearly so, or within others',
    )
    .option('-n, --limit <n>', 'groups, 1 to 1000', wholeNumber, 50)
    .option('-c, --collection <name>', 'only this collection')
    .option('--filter <json>', 'only documents that match')
    .addOption(new Option('--level <level>', 'one kind alone').choices(['document', 'passage']))
    .option(
      '--similarity <x>',
      'least share of three-word runs that near-equal texts have in common, 0.5 to 1',
      decimal,
      0.6,
    )
    .option('--changes', 'show what near-equal ones differ in')
    .option('--json', 'print as JSON')
    .action((flags: DuplicatesFlags) =>
      run(
        () => import('../commands/duplicates.js'),
        ({ duplicates }, context) => duplicates(context, flags),
      ),
    )
  program
    .command('topics')
    .description('what the documents are about: groups of them, with what sets each apart')
    .option('-c, --collection <name>', 'only this collection')
    .option('--filter <json>', 'only documents that match')
    .option('--seed <n>', 'start of the random numbers; any gives nearly the same topics', wholeNumber, 1)
    .addOption(
      new Option('--role <role>', 'have the model make vectors for this, priced first').choices([
        'clustering',
      ]),
    )
    .option('--dry-run', 'say what would be sent to the model, and do nothing')
    .option('--yes', 'do not ask before sending for more than $1')
    .option('--json', 'print as JSON')
    .action((flags: TopicsFlags) =>
      run(
        () => import('../commands/topics.js'),
        ({ topics }, context) => topics(context, flags),
      ),
    )
  program
    .command('classify')
    .description('label texts, or the documents of the index, by descriptions or examples')
    .argument('[text...]', 'texts to label; without any the documents of the index')
    .option('--label <label>', 'NAME=DESCRIPTION, or NAME:EXAMPLE (may be repeated)', collect)
    .option('--labels <file>', 'labels as JSON: [{"name", "description", "examples": [...]}]')
    .option('-c, --collection <name>', 'only this collection')
    .option('--filter <json>', 'only documents that match')
    .addOption(
      new Option('--by <what>', 'what is compared (default: vectors where a model makes them)').choices([
        'terms',
        'vectors',
      ]),
    )
    .option('--min-probability <x>', 'least probability of a label that is given, 0 to 1', decimal, 0.5)
    .option('--save <key>', 'keep the labels of documents as metadata, to filter by')
    .option('--dry-run', 'say what would be sent to the model, and do nothing')
    .option('--yes', 'do not ask before sending for more than $1')
    .option('--json', 'print as JSON')
    .action((texts: string[], flags: ClassifyFlags) =>
      run(
        () => import('../commands/classify.js'),
        ({ classify }, context) => classify(context, texts, flags),
      ),
    )
}
