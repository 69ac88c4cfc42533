// Fits the weights that tell the built-in answerer whether its best sentence answers at all (src/local/confidence.ts).
//
//   npm run fit-confidence -- <collection...> [--questions 400] [--golden data/golden.jsonl] [--folds 5]
//
// A collection is a folder in the BEIR layout. Of each, every second document is left out of the index, and that many questions
// are asked, evenly taken, with the golden ones about the sample documents. A question is to be answered when its best sentence stands in a right
// document. Signals come from the code that answers. All sources count alike. Prints the weights, and by five-fold cross-validation
// (a document's questions are in one fold) what each source comes to: the area under the curve, and at some thresholds how many
// are answered from the right document and refused. Nothing is random.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { numberPassages } from '#dist/answer/build-prompt.js'
import { findPassages } from '#dist/answer/find-passages.js'
import { readBeirFolder } from '#dist/evaluate/read-beir-folder.js'
import { loadConfig, openEngine } from '#dist/index.js'
import { type Signals, signalsOf } from '#dist/local/confidence.js'
import { createExtractiveGenerator } from '#dist/local/extractive-generator.js'
import { createHashedEmbedder } from '#dist/local/hashed-embedder.js'
import { rankSentences } from '#dist/local/rank-sentences.js'
import { createSearcher } from '#dist/search/searcher.js'
import { openStoreHere } from '#dist/store/sqlite/open-or-read.js'
import { fnv1a } from '#dist/text/fnv1a.js'
import { createLexicon } from '#dist/text/lexicon.js'
import { areaUnderCurve, fitLogistic, type Model, probability } from './fit-logistic.js'

/** A question, and the documents of the index that hold its answer. */
type Asked = { readonly question: string; readonly documents: readonly string[]; readonly group: string }
type Example = {
  readonly source: string
  readonly group: string
  readonly signals: Signals
  /** Whether the best sentence stands in a right document. */
  readonly isRight: boolean
  readonly isAnswerable: boolean
}

const THRESHOLDS = [0.3, 0.35, 0.4, 0.45, 0.5]
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    questions: { type: 'string', default: '400' },
    golden: { type: 'string', default: 'data/golden.jsonl' },
    folds: { type: 'string', default: '5' },
  },
})
const examples: Example[] = []
for (const folder of positionals) examples.push(...(await examplesOfCollection(folder)))
examples.push(...(await examplesOfGolden(values.golden)))
report(examples, Number(values.folds))

async function examplesOfCollection(path: string): Promise<Example[]> {
  const { documents: corpus, queries, judgements } = await readBeirFolder(path)
  const isKept = (id: string) => fnv1a(id) % 2 === 0
  const fileOf = (id: string) => `${encodeURIComponent(id)}.md`
  const step = Math.max(1, Math.floor(queries.length / Number(values.questions)))
  const asked = queries
    .filter((_, i) => i % step === 0)
    .map(({ id, text }): Asked => {
      const right = [...(judgements.get(id) ?? new Map()).keys()]
      return {
        question: text,
        documents: right.filter(isKept).map(fileOf),
        group: right[0] ?? id,
      }
    })
  return inScratch(async (scratch) => {
    mkdirSync(join(scratch, 'docs'))
    for (const { id, title, text } of corpus.filter(({ id }) => isKept(id)))
      writeFileSync(join(scratch, 'docs', fileOf(id)), title === '' ? text : `# ${title}\n\n${text}`)
    return ask(basename(path), join(scratch, 'docs'), asked, scratch)
  })
}

async function examplesOfGolden(path: string): Promise<Example[]> {
  const asked = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; question: string; documents: readonly string[] })
    .map(({ id, question, documents }): Asked => ({ question, documents, group: documents[0] ?? id }))
  return inScratch((scratch) => ask('golden', 'data/sample', asked, scratch))
}

async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), 'gemdex-fit-'))
  try {
    return await work(scratch)
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

/** Asks as the answerer does, up to the signals. Questions that no passage is found for are not decided by them. */
async function ask(
  source: string,
  folder: string,
  asked: readonly Asked[],
  scratch: string,
): Promise<Example[]> {
  const config = loadConfig({ env: { GEMDEX_DB: join(scratch, 'fit.db') }, cwd: scratch })
  const engine = openEngine(config, { ifMissing: 'create' })
  await engine.index({ path: folder })
  await engine.close()
  const store = openStoreHere(join(scratch, 'fit.db'), { create: false })
  const embedder = createHashedEmbedder()
  const searcher = createSearcher({
    store,
    embedder: async () => embedder,
    clock: () => performance.now(),
    now: Date.now,
  })
  const generator = createExtractiveGenerator()
  const lexicon = createLexicon()
  const found: Example[] = []
  for (const { question, documents, group } of asked) {
    const { passages, isNear } = await findPassages(
      { text: question, images: [], past: [], safety: [] },
      generator,
      {
        searcher,
        minRelevance: 0.2,
        passageBudget: { tokens: 6_000, passages: 12 },
        randomMark: () => 'mark',
      },
    )
    if (!isNear) continue
    const termWeights = await searcher.termWeights(question)
    const ranked = rankSentences({ question, passages: numberPassages(passages), termWeights }, lexicon)
    const [best] = ranked.scored
    if (best === undefined) continue
    const uri = passages[best.number - 1]?.uri ?? ''
    found.push({
      source,
      group,
      signals: signalsOf(ranked.question, best, ranked.scored),
      isRight: documents.some((document) => uri === document || uri.startsWith(`${document}/`)),
      isAnswerable: documents.length > 0,
    })
  }
  await store.close()
  return found
}

function report(all: readonly Example[], folds: number): void {
  const names = Object.keys(all[0]?.signals ?? {}) as (keyof Signals)[]
  const counts = new Map<string, number>()
  for (const { source } of all) counts.set(source, (counts.get(source) ?? 0) + 1)
  const fitTo = (from: readonly Example[]): Model =>
    fitLogistic(
      from.map(({ signals, isRight, source }) => ({
        features: names.map((name) => signals[name]),
        isPositive: isRight,
        weight: 1 / (counts.get(source) ?? 1),
      })),
    )
  const foldOf = ({ source, group }: Example) => fnv1a(`${source} ${group}`) % folds
  const heldOut = Array.from({ length: folds }, (_, fold) => {
    const model = fitTo(all.filter((example) => foldOf(example) !== fold))
    return all
      .filter((example) => foldOf(example) === fold)
      .map((example) => ({
        ...example,
        confidence: probability(
          model,
          names.map((name) => example.signals[name]),
        ),
      }))
  }).flat()
  const model = fitTo(all)
  for (const [i, name] of names.entries()) console.log(`${name}: ${model.weights[i]?.toFixed(2)}`)
  console.log(`intercept: ${model.intercept.toFixed(2)}\n`)
  for (const source of counts.keys()) {
    const own = heldOut.filter((example) => example.source === source)
    const area = areaUnderCurve(
      own.map(({ confidence, isRight }) => ({ score: confidence, isPositive: isRight })),
    )
    const answerable = own.filter(({ isAnswerable }) => isAnswerable)
    const others = own.filter(({ isAnswerable }) => !isAnswerable)
    const shares = THRESHOLDS.map((least) => {
      const right = answerable.filter(({ isRight, confidence }) => isRight && confidence >= least).length
      const refused = others.filter(({ confidence }) => confidence < least).length
      return `${least}: ${percent(right, answerable.length)} ${percent(refused, others.length)}`
    })
    console.log(
      `${source}: area ${area.toFixed(3)}; of ${answerable.length} answered right, of ${others.length} refused, at ${shares.join('  ')}`,
    )
  }
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`
}
