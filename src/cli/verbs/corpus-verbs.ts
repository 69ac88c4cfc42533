import { type Command, Option } from 'commander'
import type { DuplicatesFlags } from '../commands/duplicates.js'
import { decimal, type Run, wholeNumber } from './run.js'

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
}
