// Measures search on collections in the BEIR layout, through the same parts that serve users.
//
//   npm run evaluate -- <folder...> [--all <folder of folders>] [--modes keyword,vector,hybrid] [--spans <folder>]
//
// Each collection is compared with SQLite's full-text search by itself ("plain": any word, Porter's stemmer, the title
// weighed double). A folder with `spans.jsonl` also measures passages by marked answers; --spans does only that. Settings
// come from the environment (GOOGLE_API_KEY, GEMDEX_...); without a key the built-in provider embeds. For confidence
// intervals, tests and run files see `gemdex eval`.
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { openEvaluation } from '#dist/compose-evaluation.js'
import { loadConfig } from '#dist/config.js'
import type { Measures } from '#dist/evaluate/metrics.js'
import { readBeirFolder } from '#dist/evaluate/read-beir-folder.js'
import type { SearchMode } from '#dist/types.js'
import { hasSpans, printSpanCurve } from './evaluate-spans.js'
import { measurePlainBaseline } from './plain-baseline.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'string' },
    modes: { type: 'string', default: 'keyword,vector,hybrid' },
    spans: { type: 'string' },
  },
})
const found =
  values.all === undefined ? [] : readdirSync(values.all).map((name) => join(values.all ?? '', name))
const folders = [...positionals, ...found]
const modes = values.modes.split(',').map((mode) => {
  if (mode === 'keyword' || mode === 'vector' || mode === 'hybrid') return mode satisfies SearchMode
  throw new Error(`--modes knows keyword, vector and hybrid, not "${mode}"`)
})
if (folders.length === 0 && values.spans === undefined)
  throw new Error('Name a folder with corpus.jsonl, queries.jsonl and qrels/test.tsv')
const config = loadConfig({ env: process.env, cwd: process.cwd() })
const gains = new Map<string, number[]>()

if (folders.length > 0)
  console.log('collection     mode     nDCG@10  plain    Recall@10  Recall@100  MRR@10  MAP     ms/query')
for (const path of folders) {
  const folder = await readBeirFolder(path)
  const evaluation = openEvaluation(config)
  await evaluation.load(folder)
  const plain = measurePlainBaseline(folder)
  printRow([basename(path), 'plain'], plain, plain)
  for (const mode of modes) {
    const { measures, tookMs } = await evaluation.measure(folder, { mode })
    printRow([basename(path), mode], measures, plain, tookMs / Math.max(1, folder.queries.length))
    gains.set(mode, [...(gains.get(mode) ?? []), measures.ndcg10 - plain.ndcg10])
  }
  await evaluation.close()
}
for (const [mode, all] of gains) {
  const mean = all.reduce((sum, gain) => sum + gain, 0) / all.length
  console.log(
    `${mode}: ${signed(mean)} nDCG@10 over plain on average of ${all.length} collections, least ${signed(Math.min(...all))}`,
  )
}
const withSpans: string[] = values.spans === undefined ? [] : [values.spans]
for (const folder of folders) if (await hasSpans(folder)) withSpans.push(folder)
for (const folder of withSpans) {
  console.log(`\n${basename(folder)}: marked answers in the best five passages`)
  await printSpanCurve(folder, config)
}

function printRow(names: readonly [string, string], measures: Measures, plain: Measures, ms?: number): void {
  const { ndcg10, recall10, recall100, mrr10, map } = measures
  const cells = [
    names[0].padEnd(14),
    names[1].padEnd(8),
    ndcg10.toFixed(4).padEnd(8),
    (measures === plain ? '' : signed(ndcg10 - plain.ndcg10)).padEnd(8),
    recall10.toFixed(4).padEnd(10),
    recall100.toFixed(4).padEnd(11),
    mrr10.toFixed(4).padEnd(7),
    map.toFixed(4).padEnd(7),
    ms === undefined ? '' : ms.toFixed(1),
  ]
  console.log(cells.join(' '))
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`
}
