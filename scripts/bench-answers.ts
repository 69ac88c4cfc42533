// Measures what answering costs beside the model: search, choice of passages, prompt, filter and check of citations.
//
//   npm run bench-answers [-- --passages 10000] [--questions 200]
//
// Makes an index of that many passages in a temporary folder, with the built-in embedder, and asks questions made from their
// words. The model is a stub that answers at once with four sentences of the passages given, each cited. Prints the median
// and the 95th percentile of the whole time, of the search with the choice of passages, and of what is done behind that.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createAnswerer } from '#dist/answer/answerer.js'
import type { Generator } from '#dist/answer/generator.js'
import { loadConfig, openEngine } from '#dist/index.js'
import { createHashedEmbedder } from '#dist/local/hashed-embedder.js'
import { createSearcher } from '#dist/search/searcher.js'
import { openThreadedStore } from '#dist/store/sqlite/threads/threaded-store.js'

const VOCABULARY = 8000
const SENTENCES_PER_PASSAGE = 9
const PASSAGES_PER_DOCUMENT = 10
const WARM_UP = 10

const { values } = parseArgs({
  options: {
    passages: { type: 'string', default: '10000' },
    questions: { type: 'string', default: '200' },
  },
})

/** Deterministic, 0 to 1 (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const random = createRandom(7)
const SYLLABLES = 'ba be bi bo da de di do fa fe ga go ka ke ki ko la le li lo ma me mi mo na ne ni no'.split(
  ' ',
)
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
const words = Array.from({ length: VOCABULARY }, () => pick(SYLLABLES) + pick(SYLLABLES) + pick(SYLLABLES))
/** Few words are frequent, most are rare, as in a language. */
const word = () => words[Math.floor(VOCABULARY * random() ** 3)] ?? ''

function sentence(): string {
  const said = Array.from({ length: 14 }, word).join(' ')
  return `${said.charAt(0).toUpperCase()}${said.slice(1)} in ${1950 + Math.floor(random() * 70)}.`
}

function writeDocuments(folder: string, count: number): void {
  mkdirSync(folder)
  for (let document = 0; document < count / PASSAGES_PER_DOCUMENT; document++) {
    const sections = Array.from({ length: PASSAGES_PER_DOCUMENT }, () => {
      const text = Array.from({ length: SENTENCES_PER_PASSAGE }, sentence).join(' ')
      return `## ${word()} ${word()}\n\n${text}\n`
    })
    writeFileSync(join(folder, `${document}.md`), `# ${word()} ${document}\n\n${sections.join('\n')}`)
  }
}

/** Answers at once, with a sentence of each of the first four passages. */
const stub: Generator = {
  modelId: 'stub',
  maxInputTokens: 100_000,
  maxOutputTokens: 8_000,
  extractive: false,
  seesImages: false,
  async *generate({ grounding }) {
    for (const { text, number } of grounding?.passages.slice(0, 4) ?? []) {
      const [said = ''] = /[A-Z][^.#]+\./.exec(text) ?? []
      for (const piece of `${said} [${number}] `.match(/.{1,12}/gs) ?? [])
        yield { type: 'text', text: piece, candidate: 0 }
    }
    yield { type: 'finish', kind: 'stop', reason: 'STOP' }
  },
}

const folder = mkdtempSync(join(tmpdir(), 'gemdex-bench-'))
const db = join(folder, 'answers.db')
try {
  writeDocuments(join(folder, 'docs'), Number(values.passages))
  const engine = openEngine(loadConfig({ env: { GEMDEX_DB: db }, cwd: folder }), { ifMissing: 'create' })
  await engine.index({ path: join(folder, 'docs') })
  const { chunks } = await engine.status()
  await engine.close()
  console.log(`${chunks} passages`)
  await measure(Number(values.questions))
} finally {
  rmSync(folder, { recursive: true })
}

function print(what: string, milliseconds: number[]): void {
  milliseconds.sort((a, b) => a - b)
  const at = (share: number) => (milliseconds[Math.floor(share * (milliseconds.length - 1))] ?? 0).toFixed(1)
  console.log(`${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`)
}

async function measure(questions: number): Promise<void> {
  const store = openThreadedStore(db, { create: false, searchers: 1 })
  const embedder = createHashedEmbedder()
  const searcher = createSearcher({
    store,
    embedder: async () => embedder,
    clock: () => performance.now(),
    now: Date.now,
  })
  const answerer = createAnswerer({
    searcher,
    generator: () => stub,
    minRelevance: 0,
    passageBudget: { tokens: 6_000, passages: 12 },
    historyTokens: 2_000,
    settings: {},
    safety: [],
    randomMark: () => 'm4rkm4rkm4rk',
    withPrice: (usage) => usage,
  })
  const times: number[] = []
  const found: number[] = []
  const behind: number[] = []
  let citations = 0
  for (let i = -WARM_UP; i < questions; i++) {
    const started = performance.now()
    let foundAt = started
    const question = `Which ${word()} ${word()} ${word()} of ${word()}?`
    for await (const event of answerer.ask({ question })) {
      if (event.type === 'sources') foundAt = performance.now()
      if (event.type === 'done') citations += event.answer.citations.length
    }
    if (i < 0) continue
    const ended = performance.now()
    found.push(foundAt - started)
    behind.push(ended - foundAt)
    times.push(ended - started)
  }
  await store.close()
  print('beside the model, in all', times)
  print('of that until the sources (search, choice of passages)', found)
  print('of that behind them (prompt, filter, check of citations)', behind)
  console.log(
    `${questions} questions, ${(citations / (questions + WARM_UP)).toFixed(1)} citations checked each`,
  )
}
