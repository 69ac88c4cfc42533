// Measures how well topics agree with where documents come from.
//
//   npm run topics -- <folder with corpus.jsonl...> [--per 400] [--seeds 1,2,3] [--draw 1]
//
// Mixes so many documents of each folder, others for another draw, and prints the normalised mutual information of topics and
// folders, the number of topics, and the time taken; then the same for four invented mixtures, and with `--documents 20000` for one
// of that size.
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { CorpusPassage } from '#dist/corpus/corpus-passage.js'
import { runInThread } from '#dist/corpus/run-in-thread.js'
import { detectLanguage } from '#dist/text/detect-language.js'
import { createRandom } from './bench-data.js'
import { inventTopics, type Mixture } from './invent-topics.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    per: { type: 'string', default: '400' },
    seeds: { type: 'string', default: '1,2,3' },
    draw: { type: 'string', default: '1' },
    documents: { type: 'string' },
  },
})
const seeds = values.seeds.split(',').map(Number)

function mixFolders(folders: readonly string[], per: number, seed: number): Mixture {
  const next = createRandom(seed)
  const all = folders.flatMap((folder, source) =>
    readFileSync(join(folder, 'corpus.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { title?: string; text: string })
      .map(({ title = '', text }) => ({ text: `${title}\n${text}`.trim(), source, rank: next() }))
      .sort((a, b) => a.rank - b.rank)
      .slice(0, per),
  )
  const mixed = all.toSorted((a, b) => a.rank - b.rank)
  const name = folders.map((folder) => basename(folder)).join(' + ')
  return { name, texts: mixed.map(({ text }) => text), truth: mixed.map(({ source }) => source) }
}

async function measure({ name, texts, truth }: Mixture): Promise<void> {
  console.log(`${name}: ${texts.length} documents`)
  const found: (readonly number[])[] = []
  for (const seed of seeds) {
    const started = performance.now()
    const cpu = process.cpuUsage()
    const { assignments, topics } = await runInThread({
      task: 'topics',
      options: { seed },
      pages: pagesOf(texts),
    })
    const { user, system } = process.cpuUsage(cpu)
    const labels = assignments.map(({ topic }) => topic)
    found.push(labels)
    const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of CPU`
    console.log(
      `  seed ${seed}: NMI ${agreement(labels, truth).toFixed(3)} with the source, ${agreement(labels, found[0] ?? []).toFixed(3)} with the first seed; ${topics.length} topics; ${seconds}`,
    )
    if (seed === seeds[0])
      for (const { terms, size } of topics) console.log(`    ${size}: ${terms.slice(0, 6).join(', ')}`)
  }
}

async function* pagesOf(texts: readonly string[]): AsyncGenerator<CorpusPassage[]> {
  for (let from = 0; from < texts.length; from += 500)
    yield texts.slice(from, from + 500).map((text, i) => ({
      chunkId: from + i + 1,
      documentId: String(from + i),
      title: '',
      text,
      language: detectLanguage(text),
      timeMs: 0,
    }))
}

/** Normalised mutual information: twice what two labellings tell of each other over what both tell (0 to 1). */
function agreement(a: readonly number[], b: readonly number[]): number {
  const count = (labels: readonly (string | number)[]) => {
    const counts = new Map<string | number, number>()
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
    return [...counts.values()]
  }
  const entropy = (labels: readonly (string | number)[]) =>
    count(labels).reduce((sum, n) => sum - (n / a.length) * Math.log(n / a.length), 0)
  const [ofA, ofB, ofBoth] = [entropy(a), entropy(b), entropy(a.map((label, i) => `${label} ${b[i]}`))]
  return (2 * (ofA + ofB - ofBoth)) / (ofA + ofB || 1)
}

if (positionals.length > 0) await measure(mixFolders(positionals, Number(values.per), Number(values.draw)))
if (values.documents === undefined) {
  await measure(inventTopics(4, 30, 1200, true, 1))
  await measure(inventTopics(8, 30, 1600, true, 2))
  await measure(inventTopics(5, 20, 1500, true, 3))
  await measure(inventTopics(5, 30, 1500, false, 4))
} else await measure(inventTopics(8, 25, Number(values.documents), true, 5))
