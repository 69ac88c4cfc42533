// Measures how well a few examples of each folder label the rest.
//
//   npm run classify -- <folder with corpus.jsonl...> [--examples 10] [--per 400] [--seeds 1,3,5]
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { runInThread } from '#dist/corpus/run-in-thread.js'
import { detectLanguage } from '#dist/text/detect-language.js'
import { createRandom } from './bench-data.js'

const { values, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: {
    examples: { type: 'string', default: '10' },
    per: { type: 'string', default: '400' },
    seeds: { type: 'string', default: '1,3,5' },
  },
})
if (folders.length < 2) throw new Error('Name two folders or more')
const [examples, per] = [Number(values.examples), Number(values.per)]

for (const seed of values.seeds.split(',').map(Number)) {
  const next = createRandom(seed)
  const drawn = folders.map((folder) =>
    readFileSync(join(folder, 'corpus.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { title?: string; text: string })
      .map(({ title = '', text }) => ({ text: `${title}\n${text}`.trim(), rank: next() }))
      .sort((a, b) => a.rank - b.rank)
      .slice(0, examples + per)
      .map(({ text }) => text),
  )
  const rest = drawn.flatMap((texts, label) => texts.slice(examples).map((text) => ({ text, label })))
  const { items, evaluation } = await runInThread({
    task: 'classify',
    options: {
      names: folders.map((folder) => basename(folder)),
      texts: drawn.flatMap((texts, label) =>
        texts.slice(0, examples).map((text) => ({ label, text, isExample: true })),
      ),
      minProbability: 0.5,
    },
    pages: (async function* () {
      yield rest.map(({ text }, i) => ({
        chunkId: i,
        documentId: String(i),
        title: '',
        text,
        language: detectLanguage(text),
        timeMs: 0,
      }))
    })(),
  })
  const likeliest = items.map(({ probabilities }) => probabilities.indexOf(Math.max(...probabilities)))
  const isRight = rest.map(({ label }, i) => likeliest[i] === label)
  const share = (flags: readonly boolean[]) => (flags.filter(Boolean).length / flags.length).toFixed(4)
  const labelled = items.flatMap(({ label }, i) => (label === undefined ? [] : [isRight[i] ?? false]))
  const expected =
    items.reduce((sum, { probabilities }) => sum + Math.max(...probabilities), 0) / items.length
  console.log(
    `seed ${seed}: accuracy ${share(isRight)} of ${rest.length}, mean probability ${expected.toFixed(4)}; ${labelled.length} labelled, ${share(labelled)} of them right; cross-validated on the examples ${evaluation?.accuracy}`,
  )
  for (const [label, folder] of folders.entries())
    console.log(
      `  ${basename(folder).padEnd(12)} ${share(isRight.filter((_, i) => rest[i]?.label === label))}`,
    )
}
