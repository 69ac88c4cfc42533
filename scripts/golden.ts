// Asks the golden questions of the sample documents, as a user would, and prints how many are found, answered and refused.
//
//   npm run golden [-- --verbose] [data/questions-held-out.jsonl]
//
// Settings come from the environment; without a key the built-in provider embeds and answers. The index is made anew in
// a temporary folder.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig, openEngine } from '#dist/index.js'

type Golden = {
  readonly id: string
  readonly question: string
  readonly documents: readonly string[]
  readonly kind: string
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { verbose: { type: 'boolean', default: false } },
})
const questions = readFileSync(positionals[0] ?? 'data/golden.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Golden)
const folder = mkdtempSync(join(tmpdir(), 'gemdex-golden-'))
const config = loadConfig({ env: { ...process.env, GEMDEX_DB: join(folder, 'golden.db') }, cwd: folder })
const engine = openEngine(config, { ifMissing: 'create' })
const tally = { answerable: 0, found: 0, answeredRight: 0, unanswerable: 0, refused: 0 }
try {
  await engine.index({ path: 'data/sample' })
  for (const { id, question, documents } of questions) {
    const { hits } = await engine.search({ query: question, limit: 5 })
    const answer = await engine.answer(question)
    const found = hits.some(({ uri }) =>
      documents.some((document) => uri === document || uri.startsWith(`${document}/`)),
    )
    const right =
      answer.status === 'answered' &&
      answer.citations.some(
        ({ uri, verified }) =>
          verified && documents.some((document) => uri === document || uri.startsWith(`${document}/`)),
      )
    if (documents.length > 0) {
      tally.answerable++
      if (found) tally.found++
      if (right) tally.answeredRight++
    } else {
      tally.unanswerable++
      if (answer.status === 'refused') tally.refused++
    }
    if (values.verbose) {
      const verdict =
        documents.length === 0 ? (answer.status === 'refused' ? 'good' : 'WRONG') : right ? 'good' : 'WRONG'
      console.log(`${id} ${verdict.padEnd(5)} ${found ? 'found' : '-    '} ${answer.status} ${question}`)
      console.log(`      ${answer.answer.replace(/\n/g, ' / ') || (answer.reason ?? '')}`)
    }
  }
} finally {
  await engine.close()
  rmSync(folder, { recursive: true })
}
const percent = (part: number, whole: number) =>
  `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`
console.log(`answerable, right document in the top 5: ${percent(tally.found, tally.answerable)}`)
console.log(
  `answerable, answered with a verified citation of a right document: ${percent(tally.answeredRight, tally.answerable)}`,
)
console.log(`unanswerable, refused: ${percent(tally.refused, tally.unanswerable)}`)
