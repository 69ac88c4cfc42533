// Measures the check of citations: how many of the claims it verifies are borne by their passage (precision), and how many
// of those that are borne it verifies (recall).
//
//   npm run calibrate-citations [-- --part tuning|held-out|short|short-held-out|golden] [--verbose]
//
// First the hand-made pairs of `data/citation-pairs.jsonl`: thresholds may be tuned on `tuning` and, of answers of a word or
// two with their question, on `short`; never on what is held out. Then pairs from `data/golden.jsonl`: each answer with the
// passage that holds its evidence (borne), with one number changed, and with the evidence of the next question (not borne).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkClaim } from '#dist/answer/check-claim.js'
import { loadConfig, openEngine } from '#dist/index.js'
import { readPassage } from '#dist/text/read-passage.js'

type Pair = {
  readonly id: string
  readonly claim: string
  readonly passage: string
  readonly title?: string
  readonly question?: string
  readonly supported: boolean
  readonly kind: string
  readonly part: string
}
type Golden = {
  readonly id: string
  readonly question: string
  readonly answer: string | null
  readonly evidence: readonly { readonly document: string; readonly quote: string }[]
}

const { values } = parseArgs({
  options: { part: { type: 'string' }, verbose: { type: 'boolean', default: false } },
})
const pairs = [...readLines<Pair>('data/citation-pairs.jsonl'), ...(await goldenPairs())]
const parts = [...new Set(pairs.map(({ part }) => part))].filter((part) =>
  [undefined, part].includes(values.part),
)
console.log('pairs           borne  not borne  precision  recall')
for (const part of parts)
  report(
    part,
    pairs.filter((pair) => pair.part === part),
  )

function report(part: string, all: readonly Pair[]): void {
  const judged = all.map((pair) => {
    const context = pair.question === undefined ? {} : { question: pair.question }
    return {
      ...pair,
      verified: checkClaim(pair.claim, readPassage(pair.passage, pair.title ?? ''), context).verified,
    }
  })
  const right = judged.filter(({ verified, supported }) => verified && supported).length
  const borne = judged.filter(({ supported }) => supported).length
  const verified = judged.filter((pair) => pair.verified).length
  const cells = [part.padEnd(15), String(borne).padEnd(6), String(all.length - borne).padEnd(10)]
  console.log([...cells, (right / verified).toFixed(3).padEnd(10), (right / borne).toFixed(3)].join(' '))
  if (!values.verbose) return
  for (const { id, kind, claim, supported, verified } of judged)
    if (verified !== supported)
      console.log(`  ${verified ? 'wrongly verified' : 'not verified'} ${id} (${kind}): ${claim}`)
}

function readLines<T>(path: string): T[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}

async function goldenPairs(): Promise<Pair[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gemdex-citations-'))
  const env = { GEMDEX_DB: join(folder, 'index.db') }
  const engine = openEngine(loadConfig({ env, cwd: process.cwd() }), { ifMissing: 'create' })
  try {
    await engine.index({ path: 'data/sample' })
    const found = await Promise.all(
      readLines<Golden>('data/golden.jsonl').map(async ({ id, question, answer, evidence }) => {
        const [first] = evidence
        if (answer === null || first === undefined) return []
        const quotes = evidence.flatMap(({ document, quote }) =>
          document === first.document ? [quote.replace(/\s+/g, ' ')] : [],
        )
        const { hits } = await engine.search({ query: quotes.join(' '), limit: 50, full: true })
        // Of a table there are two quotes, of which the first, a row's name, may stand elsewhere too.
        const held = (text = '') => quotes.filter((quote) => text.replace(/\s+/g, ' ').includes(quote)).length
        const [hit] = hits
          .filter(({ uri, text }) => uri === first.document && held(text) > 0)
          .sort((a, b) => held(b.text) - held(a.text))
        if (hit?.text === undefined) return []
        return [
          {
            id,
            question,
            claim: answer,
            passage: hit.text,
            title: [hit.title, hit.location.heading].join(' > '),
          },
        ]
      }),
    )
    const borne = found.flat()
    return borne.flatMap((pair, i) => {
      const other = borne[(i + 1) % borne.length] ?? pair
      const changed = pair.claim.replace(/\d+/, (digits) => String(Number(digits) + 3))
      return [
        { ...pair, kind: 'answer', supported: true, part: 'golden' },
        {
          ...pair,
          passage: other.passage,
          title: other.title,
          kind: 'other passage',
          supported: false,
          part: 'golden',
        },
        ...(changed === pair.claim
          ? []
          : [{ ...pair, claim: changed, kind: 'number', supported: false, part: 'golden' }]),
      ]
    })
  } finally {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
