import type { Command } from 'commander'
import type { MigrateFlags } from '../commands/migrate.js'
import type { JsonFlag, Run } from './run.js'

export function addUpkeepVerbs(program: Command, run: Run): void {
  program
    .command('compact')
    .description('give the space of removed documents back, and make anew what search derives from the rest')
    .option('--json', 'print the size before and after as JSON')
    .action((flags: JsonFlag) =>
      run(
        () => import('../commands/compact.js'),
        ({ compact }, context) => compact(context, flags),
      ),
    )
  program
    .command('verify')
    .description(
      'check the index: file, texts, vectors, and what is made from them; exit code 2 when something is damaged',
    )
    .option('--repair', 'make anew what is damaged and can be made anew, from what is sound')
    .option('--json', 'print the findings as JSON')
    .action((flags: JsonFlag & { repair?: boolean }) =>
      run(
        () => import('../commands/verify.js'),
        ({ verify }, context) => verify(context, flags),
      ),
    )
  program
    .command('backup')
    .description('copy the index into a file, while it is used, and check the copy')
    .argument('<file>')
    .option('--force', 'replace the file when it is there')
    .option('--json', 'print what was copied as JSON')
    .action((file: string, flags: JsonFlag & { force?: boolean }) =>
      run(
        () => import('../commands/backup.js'),
        ({ backup }, context) => backup(context, file, flags),
      ),
    )
  program
    .command('restore')
    .description(
      'put a backup in the place of the index, once it has been checked; needs the service stopped',
    )
    .argument('<file>')
    .option('--yes', 'do not ask before replacing an index')
    .option('--json', 'print what was restored as JSON')
    .action((file: string, flags: JsonFlag & { yes?: boolean }) =>
      run(
        () => import('../commands/backup.js'),
        ({ restore }, context) => restore(context, file, flags),
      ),
    )
  program
    .command('migrate')
    .description(
      'bring the index to another model (--embedding-model), number of dimensions (--dimensions) or provider (--embedder), or to newer rules of cutting and of words, from the texts it keeps; it is searched meanwhile, and an interrupted run goes on',
    )
    .option('--dry-run', 'say what it would take (texts, tokens, price, time), and do nothing')
    .option('--drop-old', 'drop the vectors that changes of the model have left in the index')
    .option('--yes', 'do not ask before a run above $1 or a day of quota')
    .option('--json', 'print the report as JSON')
    .action((flags: MigrateFlags) =>
      run(
        () => import('../commands/migrate.js'),
        ({ migrate }, context) => migrate(context, flags),
      ),
    )
}
