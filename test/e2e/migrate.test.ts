import { copyFileSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openEngine } from '../../src/compose.js'
import { loadConfig } from '../../src/config.js'
import { schemaVersion } from '../../src/store/sqlite/schema.js'
import { answers, faults, type GeminiServer, startGeminiServer } from '../helpers/gemini-server.js'
import { errorOf, post, serve } from '../http/serve.js'
import { checkSound } from '../store/sqlite/check-sound.js'
import { createSandbox, type Environment } from './run-gemdex.js'

const box = createSandbox()
let gemini: GeminiServer
let env: Environment
let lexical: Environment

const MODEL = 'gemini-embedding-2'
const OLD = 'gemini-embedding-001'

/** Long enough to be asked about. */
const note = (i: number) =>
  `# Note ${i}\n\nThe lighthouse number ${i} was painted in ${1900 + i}. ${'Its lamp is lit at dusk and put out at dawn. '.repeat(6)}\n`

beforeAll(async () => {
  gemini = await startGeminiServer()
  lexical = { GEMDEX_DB: box.path('lexical.db') }
  env = { GEMDEX_DB: box.path('index.db'), GOOGLE_API_KEY: gemini.apiKey, GEMINI_BASE_URL: gemini.url }
  for (let i = 0; i < 12; i++)
    box.write({
      [`d/note-${i}.md`]: note(i),
    })
  box.write({ 'd/same.md': note(0) })
  expect((await box.cli(['index', box.path('d')], { env })).code).toBe(0)
  expect((await box.cli(['index', box.path('d')], { env: lexical })).code).toBe(0)
})
beforeEach(() => gemini.reset())
afterAll(() => gemini.close())

/** The index as it was made, for a test that changes it. */
function fresh(from: Environment = env): Environment {
  const db = box.path(`copy-${copies++}.db`)
  copyFileSync(from.GEMDEX_DB ?? '', db)
  return { ...env, GEMDEX_DB: db }
}
let copies = 0

const found = async (query: string, of: Environment) =>
  (await box.json(['search', query, '--mode', 'vector', '-n', '3'], { env: of })) as {
    hits: { uri: string }[]
    degraded?: string
  }
const embedder = async (of: Environment) =>
  (await box.json(['status'], { env: of })) as {
    embedder: { modelId: string; dimensions: number }
    otherVectors: { state: string; vectors: number; embedder: { modelId: string } }[]
    embedded: number
    expected: number
  }

function change(of: Environment, sql: string): void {
  const database = new Database(of.GEMDEX_DB ?? '')
  database.exec(sql)
  database.close()
}

describe('migrate', () => {
  it('says what it takes beforehand, and sends nothing then', async () => {
    const forecast = await box.json(['migrate', '--embedding-model', MODEL, '--dry-run'], { env })
    expect(forecast).toMatchObject({
      from: { modelId: OLD },
      to: { modelId: MODEL },
      chunks: 13,
      texts: 12,
      renews: false,
    })
    expect(gemini.requests).toEqual([])
    const { stdout } = await box.cli(['migrate', '--embedding-model', MODEL, '--dry-run'], { env })
    expect(stdout).toMatch(
      /^From gemini-embedding-001, 768 dimensions to gemini-embedding-2.*12 texts .*\$0\.\d+/,
    )
  })

  it('changes the model without the files, keeps the old vectors until they are dropped, and goes back for nothing', async () => {
    const own = fresh()
    const { code, stdout } = await box.cli(['migrate', '--embedding-model', MODEL], { env: own })
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/12 texts embedded.*\nThe vectors of .*--drop-old/),
    ])
    expect(gemini.embedTexts().every(({ model }) => model === MODEL)).toBe(true)
    expect(await embedder(own)).toMatchObject({
      embedder: { modelId: MODEL },
      embedded: 13,
      expected: 13,
      otherVectors: [{ state: 'retired', vectors: 12, embedder: { modelId: OLD } }],
    })
    expect(await found('lighthouse number 3', own)).not.toHaveProperty('degraded')
    checkSound(own.GEMDEX_DB ?? '')
    gemini.reset()
    expect(await box.json(['migrate', '--embedding-model', OLD], { env: own })).toMatchObject({ embedded: 0 })
    expect(await embedder(own)).toMatchObject({
      embedder: { modelId: OLD },
      otherVectors: [{ embedder: { modelId: MODEL } }],
    })
    expect(await box.json(['migrate', '--drop-old'], { env: own })).toMatchObject([
      { embedder: { modelId: MODEL }, vectors: 12 },
    ])
    expect((await embedder(own)).otherVectors).toEqual([])
    checkSound(own.GEMDEX_DB ?? '')
    expect((await box.cli(['verify'], { env: own })).code).toBe(0)
  })

  it('goes on where it was interrupted, and the old model answers until the switch', async () => {
    const own = { ...fresh(), GEMDEX_CONCURRENCY: '1' }
    gemini.failNext(faults.rateLimited({ perDay: true }), { match: 'batchEmbedContents' })
    const first = await box.cli(['migrate', '--dimensions', '256'], { env: own })
    expect(first.code).toBe(75)
    expect(await embedder(own)).toMatchObject({
      embedder: { dimensions: 768 },
      otherVectors: [{ state: 'building' }],
    })
    expect((await found('lighthouse number 3', own)).hits).toHaveLength(3)
    const second = await box.cli(['migrate', '--dimensions', '256'], { env: own })
    expect(second.code).toBe(0)
    expect(await embedder(own)).toMatchObject({ embedder: { modelId: OLD, dimensions: 256 }, embedded: 13 })
  })

  it('brings an index made without a key to Gemini, and says that texts are sent', async () => {
    const own = fresh(lexical)
    const { code, stderr } = await box.cli(['migrate', '--embedder', 'gemini'], { env: own })
    expect([code, stderr]).toEqual([0, expect.stringContaining(`sent to Google to be embedded (${OLD})`)])
    expect((await found('lighthouse number 3', own)).hits).toHaveLength(3)
    expect(await box.json(['migrate', '--embedder', 'local'], { env: own })).toMatchObject({
      to: { provider: 'local' },
    })
    expect(await embedder(own)).toMatchObject({ embedder: { modelId: 'local-lexical-v1' } })
  })

  it('says what a key is needed for, without one', async () => {
    const own = box.fresh()
    own.write({ 'docs/a.md': '# A\n\nSome words.\n' })
    await own.cli(['index', own.path('docs')])
    const { code, stderr } = await own.cli(['migrate', '--embedder', 'gemini'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error Embedding with gemini-embedding-001 needs a key: set GOOGLE_API_KEY/)
  })

  it('embeds the passages that lack a vector', async () => {
    const own = fresh()
    change(
      own,
      'DELETE FROM codes; DELETE FROM chunk_vectors WHERE chunk_id = 3; DELETE FROM vectors WHERE id NOT IN (SELECT vector_id FROM chunk_vectors)',
    )
    expect(await embedder(own)).toMatchObject({ embedded: 12 })
    expect(await box.json(['migrate'], { env: own })).toMatchObject({
      embedded: 1,
      from: { modelId: OLD },
      to: { modelId: OLD },
    })
    expect(await embedder(own)).toMatchObject({ embedded: 13, otherVectors: [] })
    checkSound(own.GEMDEX_DB ?? '')
  })

  it('leaves a document alone whose text has changed since it was stored, so that it is still told', async () => {
    const own = fresh(lexical)
    change(
      own,
      `UPDATE meta SET value = 'older rules' WHERE key = 'chunker';
       UPDATE document_texts SET text = text || 'x' WHERE document_id = (SELECT min(document_id) FROM document_texts)`,
    )
    expect(await box.json(['migrate'], { env: own })).toMatchObject({ renewed: 12, kept: 1 })
    const { code, stdout } = await box.cli(['verify'], { env: own })
    expect([code, stdout]).toEqual([2, expect.stringContaining('have changed since they were stored')])
  })

  it('cuts and analyses passages of older rules anew, though the files are gone', async () => {
    const own = fresh(lexical)
    change(
      own,
      "UPDATE meta SET value = 'older rules' WHERE key = 'chunker'; UPDATE chunks SET headings = '[]'",
    )
    const told = await box.cli(['index', box.path('d')], { env: own })
    expect(told.stdout).toContain('`gemdex migrate` would renew them')
    expect(await box.json(['migrate'], { env: own })).toMatchObject({ renewed: 13, kept: 0 })
    expect((await box.cli(['index', box.path('d')], { env: own })).stdout).not.toContain('would renew')
    expect((await box.cli(['verify'], { env: own })).code).toBe(0)
    checkSound(own.GEMDEX_DB ?? '')
  })

  it('lets both models answer while both are there', async () => {
    const own = fresh(lexical)
    await box.cli(['migrate', '--embedder', 'gemini'], { env: own })
    const engine = openEngine(loadConfig({ env: own, cwd: box.folder }), { ifMissing: 'fail' })
    const questions = { fromIndex: 3, settings: ['vector'] }
    gemini.onGenerate(() =>
      answers.text(JSON.stringify({ questions: ['Which one?', 'When?', 'What was painted?'] })),
    )
    const report = await engine.evaluate({ ...questions, compare: 'local-lexical-v1' })
    expect(report.settings.map(({ setting }) => setting)).toEqual(['vector', 'vector@local-lexical-v1'])
    expect(report.settings.map(({ runs }) => [...runs.values()].every((run) => run.size > 0))).toEqual([
      true,
      true,
    ])
    await expect(engine.evaluate({ ...questions, compare: MODEL })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await engine.close()
  })

  it('has nothing to do where nothing is indexed', async () => {
    const { code, stderr } = await box.cli(['migrate', '--db', box.path('none.db')], { env })
    expect([code, stderr]).toEqual([2, expect.stringContaining('There is no index')])
  })
})

describe('an index that does not fit the settings', () => {
  type Case = { args: string[]; env?: Environment; db?: string; spoil?: () => void }
  const cases: readonly (readonly [string, Case, { code: number; says: RegExp }])[] = [
    [
      'another model asked for in a search',
      { args: ['search', 'lighthouse', '--embedding-model', MODEL] },
      { code: 2, says: /gemdex migrate --embedding-model gemini-embedding-2/ },
    ],
    [
      'other dimensions asked for in a search',
      { args: ['search', 'lighthouse', '--dimensions', '256'] },
      { code: 2, says: /gemdex migrate --dimensions 256/ },
    ],
    [
      'another provider asked for in a search',
      { args: ['search', 'lighthouse', '--embedder', 'local'] },
      { code: 2, says: /gemdex migrate --embedder local/ },
    ],
    [
      'another model asked for in a question',
      { args: ['ask', 'which lighthouse?', '--embedding-model', MODEL] },
      { code: 2, says: /gemdex migrate/ },
    ],
    [
      'writing with another model',
      { args: ['index', box.path('d'), '--embedding-model', MODEL] },
      { code: 2, says: /gemdex migrate/ },
    ],
    [
      'writing with other dimensions',
      { args: ['index', box.path('d'), '--dimensions', '256'] },
      { code: 2, says: /gemdex migrate/ },
    ],
    [
      'writing with other roles',
      { args: ['index', box.path('d'), '--force'], db: "UPDATE vector_sets SET roles = 'task-type/0'" },
      { code: 2, says: /gemdex migrate/ },
    ],
    [
      'a schema of a newer program',
      { args: ['search', 'lighthouse'], db: `PRAGMA user_version = ${schemaVersion + 1}` },
      { code: 2, says: /Install a newer gemdex/ },
    ],
    [
      'queries by other roles',
      { args: ['search', 'lighthouse'], db: "UPDATE vector_sets SET roles = 'task-type/0'" },
      { code: 0, says: /keywords only.*task-type\/0/s },
    ],
    [
      'no key for the model',
      { args: ['search', 'lighthouse'], env: { GOOGLE_API_KEY: undefined } },
      { code: 0, says: /keywords only.*GOOGLE_API_KEY/s },
    ],
    [
      'a model that is gone',
      { args: ['search', 'lighthouse'], spoil: () => gemini.failNext(faults.modelNotFound(), { times: 9 }) },
      { code: 0, says: /keywords only/ },
    ],
    [
      'vectors of another length',
      {
        args: ['search', 'lighthouse'],
        spoil: () => gemini.failNext({ mutate: (vectors) => vectors.map((v) => v.slice(1)) }, { times: 9 }),
      },
      { code: 0, says: /keywords only/ },
    ],
    [
      'older rules of cutting',
      { args: ['index', box.path('d')], db: "UPDATE meta SET value = 'older' WHERE key = 'chunker'" },
      { code: 0, says: /`gemdex migrate` would renew them/ },
    ],
  ]
  it.each(cases)(
    '%s is refused, degraded or told',
    async (_name, { args, env: extra = {}, db, spoil }, { code, says }) => {
      const own = { ...fresh(), ...extra }
      if (db !== undefined) change(own, db)
      spoil?.()
      const ran = await box.cli(args, { env: own })
      expect(ran.code, ran.stderr).toBe(code)
      expect(ran.stdout + ran.stderr).toMatch(says)
      rmSync(own.GEMDEX_DB ?? '')
    },
  )

  /** A service over the index, in this process. */
  async function served(own: Environment) {
    const engine = openEngine(loadConfig({ env: own, cwd: box.folder }), { ifMissing: 'fail' })
    onTestFinished(() => engine.close())
    return (await serve(engine)).url
  }
  const pushed = { uri: 'mail/1', title: 'Mail', text: 'The lighthouse is for sale.' }

  const settings: readonly (readonly [string, Environment, string])[] = [
    ['another model', { GEMDEX_EMBEDDING_MODEL: MODEL }, '--embedding-model gemini-embedding-2'],
    ['other dimensions', { GEMDEX_DIMENSIONS: '256' }, '--dimensions 256'],
    ['another provider', { GEMDEX_EMBEDDER: 'local' }, '--embedder local'],
  ]
  it.each(settings)(
    '%s in the settings of a service is 409 for searches, questions and writes',
    async (...row) => {
      const [, extra, flags] = row
      const url = await served({ ...fresh(), ...extra })
      const asked = await Promise.all([
        fetch(`${url}/v1/search?q=lighthouse`),
        post(`${url}/v1/search`, { query: 'lighthouse' }),
        post(`${url}/v1/ask`, { question: 'Which lighthouse?' }),
        post(`${url}/v1/documents`, pushed),
      ])
      expect(asked.map(({ status }) => status)).toEqual([409, 409, 409, 409])
      for (const response of asked)
        expect(await errorOf(response)).toMatchObject({
          code: 'INDEX_MISMATCH',
          hint: expect.stringContaining(`gemdex migrate ${flags}`),
        })
      expect(gemini.requests).toEqual([])
    },
  )

  it('other roles are 409 for what a service is to write, and degrade its searches', async () => {
    const own = fresh()
    change(own, "UPDATE vector_sets SET roles = 'task-type/0'")
    const url = await served(own)
    const refused = await post(`${url}/v1/documents`, pushed)
    expect([refused.status, (await errorOf(refused)).hint]).toEqual([
      409,
      expect.stringContaining('gemdex migrate'),
    ])
    const found = await fetch(`${url}/v1/search?q=lighthouse`)
    expect([found.status, await found.json()]).toEqual([
      200,
      expect.objectContaining({ degraded: expect.stringContaining('task-type/0') }),
    ])
  })
})
