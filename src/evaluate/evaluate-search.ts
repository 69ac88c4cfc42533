import { GemdexError } from '../errors.js'
import type { Searcher } from '../search/searcher.js'
import type { SearchMode } from '../types.js'
import { MEASURES, type Measure } from './metrics.js'
import { readBeirFolder } from './read-beir-folder.js'
import {
  type Evaluation,
  type JudgedQueries,
  measureSetting,
  type SearchSetting,
  type SettingResult,
} from './runner.js'
import { bootstrapInterval, type Comparison, comparePaired, type Interval } from './significance.js'

const MODES: readonly SearchMode[] = ['keyword', 'vector', 'hybrid']
const EXTRAS = ['rerank', 'expand', 'hyde'] as const
const MAX_QUESTIONS = 1_000

export type EvaluationRequest = {
  /** A folder in the BEIR layout, indexed anew in memory with the embedder that a new index would get. */
  readonly folder?: string
  /** Instead: so many questions that the generator makes from passages of the index. */
  readonly fromIndex?: number
  /** Which judgements of the folder, default `test`. */
  readonly split?: string
  /** Ways to search, such as `keyword` or `hybrid+rerank`. Default keyword and hybrid. */
  readonly settings?: readonly string[]
  /** With `fromIndex`: also asks the vectors that a change of the model has left in the index, by the name of their model. */
  readonly compare?: string
  readonly signal?: AbortSignal
}

export type SettingReport = {
  readonly setting: string
  readonly measures: Readonly<Record<Measure, Interval>>
  readonly msPerQuery: number
  /** Document ids with their scores, by query. */
  readonly runs: ReadonlyMap<string, ReadonlyMap<string, number>>
}

/** Two settings over the same queries. */
export type SettingComparison = {
  readonly first: string
  readonly second: string
  readonly measures: Readonly<Record<Measure, Comparison>>
}

export type EvaluationReport = {
  readonly queries: number
  /** Of an index made for the occasion. */
  readonly documents?: number
  readonly settings: readonly SettingReport[]
  /** Each further setting against the first. */
  readonly comparisons: readonly SettingComparison[]
}

export type EvaluateDependencies = {
  /** Over a fresh index that is not kept. */
  readonly openFresh: () => Promise<Evaluation>
  /** Searches the index itself. */
  readonly searcher: Searcher
  /** Searches the vectors of a former model; throws NOT_FOUND when the index has none of it. */
  readonly searcherOf: (model: string) => Promise<Searcher>
  readonly makeQuestions: (count: number, signal?: AbortSignal) => Promise<JudgedQueries>
}

/**
 * Measures search in one or more settings, with 95 % bootstrap intervals, and tests each further setting against the
 * first. Throws BAD_INPUT for a request or folder that does not fit, and what searching throws.
 */
export async function evaluateSearch(
  { openFresh, searcher, searcherOf, makeQuestions }: EvaluateDependencies,
  request: EvaluationRequest,
): Promise<EvaluationReport> {
  const settings = (request.settings ?? ['keyword', 'hybrid']).map((name) => ({
    name,
    ...parseSetting(name),
  }))
  const { folder, fromIndex } = request
  if ((folder === undefined) === (fromIndex === undefined))
    throw new GemdexError('BAD_INPUT', 'Evaluating needs either a folder or a number of questions', {
      hint: 'Name a folder with corpus.jsonl, queries.jsonl and qrels/test.tsv, or give --from-index N.',
    })
  if (request.compare !== undefined && fromIndex === undefined)
    throw new GemdexError('BAD_INPUT', 'Two models are compared on questions of the index', {
      hint: 'Give --from-index N instead of a folder.',
      field: 'compare',
    })
  if (fromIndex !== undefined) {
    if (!Number.isInteger(fromIndex) || fromIndex < 1 || fromIndex > MAX_QUESTIONS)
      throw new GemdexError(
        'BAD_INPUT',
        `fromIndex must be a whole number from 1 to ${MAX_QUESTIONS}, not ${fromIndex}`,
        {
          field: 'fromIndex',
        },
      )
    const { compare } = request
    const former = compare === undefined ? undefined : await searcherOf(compare)
    const questions = await makeQuestions(fromIndex, request.signal)
    const own = await measureAll((setting) => measureSetting(searcher, questions, setting), settings)
    if (former === undefined) return report(own)
    const others = await measureAll((setting) => measureSetting(former, questions, setting), settings)
    return report([...own, ...others.map(({ name, result }) => ({ name: `${name}@${compare}`, result }))])
  }
  const collection = await readBeirFolder(folder ?? '', request.split)
  const evaluation = await openFresh()
  try {
    await evaluation.load(collection)
    const measured = await measureAll((setting) => evaluation.measure(collection, setting), settings)
    return { ...report(measured), documents: collection.documents.length }
  } finally {
    await evaluation.close()
  }
}

type NamedSetting = SearchSetting & { readonly name: string }
type Measured = { readonly name: string; readonly result: SettingResult }

/** `mode`, then `+rerank`, `+expand`, `+hyde` in any order. Throws BAD_INPUT. */
export function parseSetting(name: string): SearchSetting {
  const [first = '', ...extras] = name.split('+')
  const mode = MODES.find((one) => one === first)
  const unknown = extras.find((extra) => !EXTRAS.some((one) => one === extra))
  if (mode === undefined || unknown !== undefined)
    throw new GemdexError('BAD_INPUT', `"${name}" is no setting`, {
      hint: `A setting is ${MODES.join(', ')}, with +${EXTRAS.join(', +')} behind it as wanted.`,
      field: 'settings',
    })
  return { mode, ...Object.fromEntries(extras.map((extra) => [extra, true])) }
}

async function measureAll(
  measure: (setting: SearchSetting) => Promise<SettingResult>,
  settings: readonly NamedSetting[],
): Promise<Measured[]> {
  const measured: Measured[] = []
  for (const { name, ...setting } of settings) measured.push({ name, result: await measure(setting) })
  return measured
}

function report(measured: readonly Measured[]): EvaluationReport {
  const [first, ...others] = measured
  const valuesOf = ({ result }: Measured, measure: Measure) =>
    Array.from(result.perQuery.values(), (measures) => measures[measure])
  return {
    queries: first?.result.perQuery.size ?? 0,
    settings: measured.map((one) => ({
      setting: one.name,
      measures: forEachMeasure((measure) => bootstrapInterval(valuesOf(one, measure))),
      msPerQuery: one.result.tookMs / Math.max(1, one.result.runs.size),
      runs: one.result.runs,
    })),
    comparisons: others.flatMap((other) =>
      first === undefined
        ? []
        : [
            {
              first: first.name,
              second: other.name,
              measures: forEachMeasure((measure) =>
                comparePaired(valuesOf(first, measure), valuesOf(other, measure)),
              ),
            },
          ],
    ),
  }
}

function forEachMeasure<T>(of: (measure: Measure) => T): Record<Measure, T> {
  return Object.fromEntries(MEASURES.map((measure) => [measure, of(measure)])) as Record<Measure, T>
}
