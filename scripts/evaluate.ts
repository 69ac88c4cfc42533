// Measures search on collections in the BEIR layout, through the same parts that serve users.
//
//   npm run evaluate -- <folder...> [--all <folder of folders>] [--modes keyword,vector,hybrid] [--run <file>]
//
// Settings come from the environment (GOOGLE_API_KEY, GEMDEX_...); without a key the built-in provider embeds. --run
// writes the last mode's ranking of the last folder in TREC form.
import { readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { openEvaluation } from '#dist/compose.js'
import { loadConfig } from '#dist/config.js'
import { readBeirFolder } from '#dist/evaluate/read-beir-folder.js'
import type { ModeResult } from '#dist/evaluate/runner.js'
import type { SearchMode } from '#dist/types.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'string' },
    modes: { type: 'string', default: 'keyword,vector,hybrid' },
    run: { type: 'string' },
  },
})
const found =
  values.all === undefined ? [] : readdirSync(values.all).map((name) => join(values.all ?? '', name))
const folders = [...positionals, ...found]
const modes = values.modes.split(',').map((mode) => {
  if (mode === 'keyword' || mode === 'vector' || mode === 'hybrid') return mode satisfies SearchMode
  throw new Error(`--modes knows keyword, vector and hybrid, not "${mode}"`)
})
if (folders.length === 0) throw new Error('Name a folder with corpus.jsonl, queries.jsonl and qrels/test.tsv')

console.log('collection     mode     nDCG@10  Recall@10  Recall@100  MRR@10  ms/query')
for (const path of folders) {
  const folder = await readBeirFolder(path)
  const evaluation = openEvaluation(loadConfig({ env: process.env, cwd: process.cwd() }))
  await evaluation.load(folder)
  for (const mode of modes) {
    const result = await evaluation.measure(folder, mode)
    console.log(formatRow(basename(path), result, folder.queries.length))
    if (values.run !== undefined) writeFileSync(values.run, formatRun(result))
  }
  await evaluation.close()
}

function formatRow(name: string, { mode, measures, tookMs }: ModeResult, queries: number): string {
  const { ndcg10, recall10, recall100, mrr10 } = measures
  const cells = [name.padEnd(14), mode.padEnd(8), ndcg10.toFixed(4).padEnd(8), recall10.toFixed(4).padEnd(10)]
  cells.push(
    recall100.toFixed(4).padEnd(11),
    mrr10.toFixed(4).padEnd(7),
    (tookMs / Math.max(1, queries)).toFixed(1),
  )
  return cells.join(' ')
}

function formatRun({ runs, mode }: ModeResult): string {
  const lines = [...runs].flatMap(([query, run]) =>
    [...run].map(([id, score], i) => `${query} Q0 ${id} ${i + 1} ${score} gemdex-${mode}`),
  )
  return `${lines.join('\n')}\n`
}
