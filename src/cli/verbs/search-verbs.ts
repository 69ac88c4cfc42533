import { type Command, Option } from 'commander'
import type { SearchMode } from '../../types.js'
import type { EvalFlags } from '../commands/evaluate.js'
import type { SearchFlags } from '../commands/search.js'
import type { SimilarFlags } from '../commands/similar.js'
import { collect, decimal, type Run, wholeNumber } from './run.js'

const MODES: readonly SearchMode[] = ['hybrid', 'vector', 'keyword']
const TASKS = ['query', 'question', 'fact', 'code'] as const

export function addSearchVerb(program: Command, run: Run): void {
  program
    .command('search')
    .description('find passages')
    .argument(
      '<query...>',
      'words, "phrases" that must stand so, -words and -"phrases" that must not (after --)',
    )
    .option('-n, --limit <n>', 'hits, 1 to 100', wholeNumber, 10)
    .addOption(new Option('--mode <mode>', 'how to search').choices(MODES).default('hybrid'))
    .option('--exact', 'compare with every vector, not only with those that may be nearest')
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
    .option('--collapse', 'show near-duplicates of one another once')
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
      run(
        () => import('../commands/search.js'),
        ({ search }, context) => search(context, words.join(' '), flags),
      ),
    )
  program
    .command('similar')
    .description('the documents nearest to one, by the vectors that are stored; or how alike two texts are')
    .argument('[path or id]', 'path or id of a document, or id of a hit for that passage alone')
    .option('--text <text>', 'instead: one of two texts whose likeness is wanted (given twice)', collect)
    .option('-n, --limit <n>', 'documents, 1 to 100', wholeNumber, 10)
    .option('-c, --collection <name>', 'only this collection')
    .option('--filter <json>', 'only documents that match')
    .option('--collapse', 'show near-duplicates of one another once')
    .option('--json', 'print as JSON')
    .action((reference: string | undefined, flags: SimilarFlags) =>
      run(
        () => import('../commands/similar.js'),
        ({ similar, compareTexts }, context) =>
          flags.text === undefined
            ? similar(context, reference, flags)
            : compareTexts(context, reference, flags),
      ),
    )
  program
    .command('eval')
    .description('measure search on questions with known answers')
    .argument('[folder]', 'corpus.jsonl, queries.jsonl and qrels/test.tsv, as in BEIR')
    .option(
      '--from-index <n>',
      'instead: questions that the model makes from passages of the index',
      wholeNumber,
    )
    .option(
      '--compare <model>',
      'with --from-index: also ask the vectors that a former model left (see `migrate`)',
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
      run(
        () => import('../commands/evaluate.js'),
        ({ evaluate }, context) => evaluate(context, folder, flags),
      ),
    )
}
