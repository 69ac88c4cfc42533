// Asks questions about a folder of documents whose answers are known, and prints which files are found:
//
//   npm run questions -- <folder> [...] [--mode keyword|hybrid|both] [--top 5]
//
// A folder holds `files/` and `queries.jsonl`, a JSON object a line: `text`, `files` (any one is right), `kind`, perhaps
// `page` (that one of the first passages of the file must lie on) and `absent` (files that must not be in the index). The index is made anew without a key.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { SearchEngine } from '#dist/engine.js'
import { loadConfig, openEngine } from '#dist/index.js'
import type { Hit, SearchMode } from '#dist/types.js'

type Question = {
  readonly _id: string
  readonly text: string
  readonly files: readonly string[]
  readonly kind: string
  readonly page?: number
  readonly absent?: readonly string[]
}

const { values, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: { mode: { type: 'string', default: 'both' }, top: { type: 'string', default: '5' } },
})
if (folders.length === 0) throw new Error('Name a folder: npm run questions -- <folder>')
const top = Number(values.top)
const modes: readonly SearchMode[] =
  values.mode === 'both' ? ['keyword', 'hybrid'] : [values.mode as SearchMode]
for (const folder of folders) await askAbout(folder)

async function askAbout(folder: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'gemdex-questions-'))
  const flags = { db: join(scratch, 'index.db') }
  const engine = openEngine(loadConfig({ env: {}, cwd: scratch, flags }), { ifMissing: 'create' })
  try {
    const report = await engine.index({ path: join(folder, 'files') })
    console.log(
      `\n${folder}: ${report.indexed} files indexed, ${report.skipped} skipped, ${report.ignored} ignored`,
    )
    const questions = readFileSync(join(folder, 'queries.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Question)
    let found = 0
    let asked = 0
    let absent = 0
    let gone = 0
    for (const question of questions) {
      for (const uri of question.absent ?? []) {
        absent++
        if (!(await isIn(engine, uri))) gone++
        else console.log(`in the index, though ignored: ${uri}`)
      }
      if (question.files.length === 0) continue
      asked++
      const ranks = await Promise.all(modes.map((mode) => rankOf(engine, question, mode)))
      if (ranks.some(({ rank, page }) => rank !== undefined && page)) found++
      const shown = ranks.map(
        ({ mode, rank, page }) => `${mode} ${rank ?? '-'}${page ? '' : ' (other page)'}`,
      )
      console.log(
        `${question._id.padEnd(5)} ${shown.join(', ').padEnd(34)} ${question.kind}: ${question.text}`,
      )
    }
    console.log(
      `found in the top ${top} (${modes.join(' or ')}): ${found} of ${asked}; ignored files absent: ${gone} of ${absent}`,
    )
  } finally {
    await engine.close()
    rmSync(scratch, { recursive: true })
  }
}

/** The rank (from 1) of the first right file, and whether the page asked for, if one is, is among the first passages. */
async function rankOf(engine: SearchEngine, { text, files, page }: Question, mode: SearchMode) {
  const { hits } = await engine.search({ query: text, mode, limit: top })
  const index = hits.findIndex(({ uri }) => files.includes(uri))
  const passages = await engine.search({ query: text, mode, limit: top, full: true })
  const isOnPage = passages.hits.some((hit) => files.includes(hit.uri) && coversPage(hit, page ?? 0))
  return {
    mode,
    rank: index === -1 ? undefined : index + 1,
    page: index === -1 || page === undefined || isOnPage,
  }
}

function coversPage({ location }: Hit, page: number): boolean {
  return location.kind === 'pages' && location.start <= page && page <= location.end
}

function isIn(engine: SearchEngine, uri: string): Promise<boolean> {
  return engine.getDocument(uri).then(
    () => true,
    () => false,
  )
}
