import type { Command } from 'commander'
import type { IndexFlags } from '../commands/index-folders.js'
import type { RemoveFlags } from '../commands/remove.js'
import { collect, type JsonFlag, type Run } from './run.js'

export function addIndexVerbs(program: Command, run: Run): void {
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
    .action((paths: string[], flags: IndexFlags) =>
      run(
        () => import('../commands/index-folders.js'),
        ({ indexFolders }, context) => indexFolders(context, paths, flags),
      ),
    )
  program
    .command('status')
    .description('state of the index')
    .option('--json', 'print as JSON')
    .option('--skipped', 'list what is not in the index, and why')
    .option('--forget-gaps [question]', 'forget the questions that were not answered, or one of them')
    .action((flags: JsonFlag & { skipped?: boolean; forgetGaps?: string | true }) =>
      run(
        () => import('../commands/status.js'),
        ({ status }, context) => status(context, flags),
      ),
    )
  program
    .command('list')
    .description('documents in the index')
    .option('-c, --collection <name>', 'only this collection')
    .option('--json', 'print as JSON')
    .action((flags: JsonFlag & { collection?: string }) =>
      run(
        () => import('../commands/documents.js'),
        ({ list }, context) => list(context, flags),
      ),
    )
  program
    .command('get')
    .description('one document with its text, or the passage of a search result in its context')
    .argument('<id or path>', 'id of a document or passage, path within its folder, or path of the file')
    .option('--json', 'print as JSON')
    .action((reference: string, flags: JsonFlag) =>
      run(
        () => import('../commands/documents.js'),
        ({ get }, context) => get(context, reference, flags),
      ),
    )
  program
    .command('remove')
    .description('remove documents, folders or a collection from the index; the files stay')
    .argument('[path or id...]', 'ids, paths within their folder, or paths of files and folders')
    .option('-c, --collection <name>', 'only of this collection; without a path, all of it and itself')
    .option('--dry-run', 'say what would be removed, and do nothing')
    .option('--yes', 'do not ask before a folder or a collection; needed where nobody can be asked')
    .option('--json', 'print what was removed as JSON')
    .action((references: string[], flags: RemoveFlags) =>
      run(
        () => import('../commands/remove.js'),
        ({ remove }, context) => remove(context, references, flags),
      ),
    )
}
