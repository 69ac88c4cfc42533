import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { IndexReport, IndexStatus } from '../../src/engine.js'
import { createSandbox, type Environment, type Sandbox } from '../e2e/run-gemdex.js'
import { type GeminiServer, startGeminiServer } from '../helpers/gemini-server.js'

const world = createSandbox()
let gemini: GeminiServer
let env: Environment

beforeAll(async () => {
  gemini = await startGeminiServer()
  env = {
    GOOGLE_API_KEY: gemini.apiKey,
    GEMINI_BASE_URL: gemini.url,
    GEMDEX_EMBED_RPM: 'none',
    GEMDEX_EMBED_TPM: 'none',
    GEMDEX_CONCURRENCY: '1',
  }
})
beforeEach(() => gemini.reset())
afterAll(() => gemini.close())

/** Too long to share a passage with another section. */
const section = (heading: string) => `${heading}\n\n${`This tells of ${heading}. `.repeat(22)}\n`
const notes = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`d/${i}.txt`, `Note number ${i}.\n`]))

async function index(box: Sandbox, settings: Environment = {}): Promise<IndexReport> {
  const [report] = (await box.json(['index', box.path('d')], {
    env: { ...env, ...settings },
  })) as IndexReport[]
  if (report === undefined) throw new Error('no report')
  return report
}

const statusOf = async (box: Sandbox) => (await box.json(['status'], { env })) as IndexStatus
const batchSizes = () => gemini.requests.map(({ body }) => (body as { requests: unknown[] }).requests.length)
const sentTexts = () => gemini.embedTexts().map(({ text }) => text.trim())

describe('what is sent', () => {
  it('fills requests across files: 150 texts of 50 files go in two', async () => {
    const box = world.fresh()
    const files = Array.from({ length: 50 }, (_, i) => [
      `d/${i}.md`,
      [`# Part ${i}`, `## First of ${i}`, `## Second of ${i}`].map(section).join('\n'),
    ])
    box.write(Object.fromEntries(files))
    expect(await index(box)).toMatchObject({ indexed: 50, chunks: 150, embedded: 150 })
    expect(gemini.requests.map(({ action }) => action)).toEqual(['batchEmbedContents', 'batchEmbedContents'])
    expect(batchSizes()).toEqual([100, 50])
    expect(new Set(sentTexts()).size).toBe(150)
    expect(await statusOf(box)).toMatchObject({ documents: 50, chunks: 150, embedded: 150, expected: 150 })
  })

  it('is nothing for a file that was copied', async () => {
    const box = world.fresh()
    const text = ['# Handbook', '## Leave', '## Travel'].map(section).join('\n')
    box.write({ 'd/a.md': text })
    await index(box)
    expect(gemini.requests).toHaveLength(1)
    box.write({ 'd/copy/b.md': text })
    gemini.reset()
    expect(await index(box)).toMatchObject({ indexed: 1, unchanged: 1, chunks: 3, embedded: 0 })
    expect(gemini.requests).toEqual([])
    expect(await statusOf(box)).toMatchObject({ documents: 2, chunks: 6, embedded: 6, expected: 6 })
  })
})

describe('the sums of what was sent', () => {
  it('are kept in the index by model and day, and shown by status', async () => {
    const box = world.fresh()
    box.write(notes(3))
    const [forecast] = (await box.json(['index', box.path('d'), '--dry-run'], { env })) as [
      { tokens: number },
    ]
    await index(box)
    const { tokens } = forecast
    expect(tokens).toBeGreaterThan(0)
    expect((await statusOf(box)).usage).toEqual([
      {
        model: 'gemini-embedding-001',
        day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        requests: 1,
        texts: 3,
        tokens,
        priceUsd: expect.closeTo((tokens / 1_000_000) * 0.15, 12),
      },
    ])
    box.write({ 'd/later.txt': 'Another note.\n' })
    await index(box)
    const usage = (await statusOf(box)).usage
    // Two sums if midnight passed just now.
    const sum = (field: 'requests' | 'texts') => usage.reduce((total, entry) => total + entry[field], 0)
    expect([sum('requests'), sum('texts')]).toEqual([2, 4])
  })

  it('are shown in words and dollars, by the price that was in force', async () => {
    const box = world.fresh()
    box.write(notes(3))
    await index(box, { GEMDEX_PRICES: 'gemini-embedding-001=1000' })
    const tokens = (await statusOf(box)).usage.reduce((sum, entry) => sum + entry.tokens, 0)
    const { stdout } = await box.cli(['status'], { env })
    const price = (tokens / 1000).toFixed(4)
    expect(stdout).toContain(`3 texts, ${tokens} tokens to gemini-embedding-001, $${price} by list price`)
    expect(stdout).toMatch(/^Sent {2,}3 texts/m)
  })
})

describe("a day's quota", () => {
  it('ends the run when it is used up; the next one sends only the rest', async () => {
    const box = world.fresh()
    box.write(notes(8))
    const five = { ...env, GEMDEX_EMBED_RPD: '5' }
    const stopped = await box.cli(['index', box.path('d')], { env: five })
    expect(stopped).toMatchObject({ code: 75, stdout: '' })
    expect(stopped.stderr).toMatch(/day's quota of 5 requests of gemini-embedding-001 is used up/)
    expect(stopped.stderr).toMatch(
      /renewed at midnight Pacific time \(\d{4}-\d\d-\d\d 0[78]:00 UTC\): run the same command again/,
    )
    const done = sentTexts()
    expect(done).toHaveLength(5)
    expect(await statusOf(box)).toMatchObject({ documents: 5, embedded: 5, expected: 5 })

    gemini.reset()
    const again = await box.cli(['index', box.path('d')], { env: five })
    expect(again.code).toBe(75)
    expect(gemini.requests).toEqual([])
    expect((await statusOf(box)).documents).toBe(5)

    expect(await index(box, { GEMDEX_EMBED_RPD: '100' })).toMatchObject({
      indexed: 3,
      unchanged: 5,
      embedded: 3,
    })
    const rest = sentTexts()
    expect(rest).toHaveLength(3)
    expect(new Set([...done, ...rest])).toEqual(new Set(Object.values(notes(8)).map((text) => text.trim())))
    expect(await statusOf(box)).toMatchObject({ documents: 8, embedded: 8, expected: 8 })
  })

  it('holds for searching too, which then goes by keywords', async () => {
    const box = world.fresh()
    box.write(notes(2))
    const two = { ...env, GEMDEX_EMBED_RPD: '2' }
    await index(box, two)
    gemini.reset()
    const { code, stdout, stderr } = await box.cli(['search', 'note number 1'], { env: two })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^1\. {2}1\n/)
    expect(stderr).toMatch(/keywords only: The day's quota of 2 requests/)
    expect(gemini.requests).toEqual([])
  })
})

describe('a text that the API refuses without saying which', () => {
  it('is found out; its file is indexed without it, and the report names it', async () => {
    const box = world.fresh()
    box.write({
      ...notes(20),
      'd/bad.md': ['# Toadstools', '## Poisonberry', '## Champignons'].map(section).join('\n'),
    })
    gemini.failNext(
      {
        status: 400,
        body: {
          error: { code: 400, message: 'Request contains an invalid argument.', status: 'INVALID_ARGUMENT' },
        },
      },
      {
        times: Number.POSITIVE_INFINITY,
        match: ({ body }) => JSON.stringify(body).includes('tells of ## Poison'),
      },
    )
    const report = await index(box)
    expect(report).toMatchObject({ indexed: 21, skipped: 0, chunks: 23, embedded: 22 })
    expect(report.refused).toEqual([
      { uri: 'bad.md', message: expect.stringContaining('Request contains an invalid argument.') },
    ])
    expect(gemini.requests.length).toBeLessThanOrEqual(10)
    expect(sentTexts()).toHaveLength(22)

    expect(await statusOf(box)).toMatchObject({ chunks: 23, embedded: 22, expected: 23 })
    const listed = (await box.json(['list'], { env })) as {
      uri: string
      embedded: number
      expected: number
    }[]
    expect(listed.filter(({ embedded, expected }) => embedded < expected)).toEqual([
      expect.objectContaining({ uri: 'bad.md', embedded: 2, expected: 3 }),
    ])
    expect((await box.cli(['list'], { env })).stdout).toMatch(/d\/bad\.md +2\/3 /)
    const found = (await box.json(['search', 'poisonberry', '--mode', 'keyword', '--full'], { env })) as {
      hits: { uri: string; text: string }[]
    }
    expect(found.hits[0]).toMatchObject({ uri: 'bad.md', text: expect.stringContaining('## Poisonberry') })

    // Nothing has changed: it is not tried again.
    gemini.reset()
    expect(await index(box)).toMatchObject({ indexed: 0, unchanged: 21, refused: [] })
    expect(gemini.requests).toEqual([])
  })

  it('is told in words, too', async () => {
    const box = world.fresh()
    box.write({ 'd/good.txt': 'A good text.', 'd/worse.txt': 'A text of poison.' })
    gemini.failNext(
      { status: 400 },
      { times: Number.POSITIVE_INFINITY, match: ({ body }) => JSON.stringify(body).includes('of poison') },
    )
    const { code, stdout } = await box.cli(['index', box.path('d')], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ {2}not embedded, a passage of worse\.txt: .+ \(found by keywords only\)$/m)
  })
})

describe('a dry run', () => {
  const dryRun = (box: Sandbox, settings: Environment = {}) =>
    box.cli(['index', box.path('d'), '--dry-run'], { env: { ...env, ...settings } })
  const forecastOf = async (box: Sandbox, settings: Environment = {}) => {
    const [forecast, ...others] = (await box.json(['index', box.path('d'), '--dry-run'], {
      env: { ...env, ...settings },
    })) as Record<string, unknown>[]
    expect(others).toEqual([])
    return forecast ?? {}
  }
  const everything = (box: Sandbox) => readdirSync(box.path('..'), { recursive: true }).toSorted()

  it('says what it would take, sends nothing and writes nothing', async () => {
    const box = world.fresh()
    box.write({ ...notes(3), 'd/copy.txt': '', 'd/long.md': section('# A') + section('## B') })
    const before = everything(box)
    const { code, stdout, stderr } = await dryRun(box)
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^\S+\/d: 4 files to index, 5 passages; 5 texts \([\d,]+ tokens\) to embed, \$0\.\d{4}, about 1\.5 s at the quota in force\n$/,
    )
    expect(stderr).toBe('')
    expect(gemini.requests).toEqual([])
    expect(everything(box)).toEqual(before)
  })

  it('gives it as JSON', async () => {
    const box = world.fresh()
    box.write({ 'd/a.txt': 'Some note.\n', 'd/b.md': '# T\n\nThe same.', 'd/copy.md': '# T\n\nThe same.' })
    const forecast = await forecastOf(box)
    expect(forecast).toEqual({
      path: box.path('d'),
      files: 3,
      chunks: 3,
      texts: 2,
      pictures: 0,
      tokens: expect.any(Number),
      priceUsd: expect.closeTo((Number(forecast.tokens) / 1_000_000) * 0.15, 12),
      minutes: 1.5 / 60,
      leftToday: 1000,
      days: 1,
      needsConsent: false,
    })
    const report = await index(box)
    expect(report).toMatchObject({ indexed: 3, chunks: 3, embedded: 2 })
    expect((await statusOf(box)).usage[0]?.tokens).toBe(forecast.tokens)
  })

  it('counts changed files only, and leaves the index as it is', async () => {
    const box = world.fresh()
    box.write({ ...notes(3), 'd/a.md': '# T\n\nThe same.' })
    await index(box)
    const db = box.path('..', 'data', 'gemdex', 'index.db')
    expect(existsSync(db)).toBe(true)
    box.write({ 'd/1.txt': 'It reads otherwise now.\n', 'd/copy.md': '# T\n\nThe same.' })
    const bytes = readFileSync(db)
    gemini.reset()
    expect(await forecastOf(box)).toMatchObject({ files: 2, chunks: 2, texts: 1 })
    expect((await dryRun(box)).stdout).toMatch(/: 2 files to index, 2 passages; 1 text /)
    expect(gemini.requests).toEqual([])
    expect(readFileSync(db).equals(bytes)).toBe(true)
    expect((await statusOf(box)).documents).toBe(4)
  })

  it('says that there is nothing to send', async () => {
    const box = world.fresh()
    box.write(notes(1))
    await index(box)
    // Within the clock's grain a file just written is read again, and found to be the same.
    expect((await dryRun(box)).stdout).toMatch(
      /: 0 files .* 0 texts \(0 tokens\) to embed, free, nothing to send\n$/,
    )
  })

  it('takes time by the quota in force, and what is used of it', async () => {
    const box = world.fresh()
    box.write(notes(8))
    expect(await forecastOf(box, { GEMDEX_EMBED_RPM: '2' })).toMatchObject({ texts: 8, minutes: 3 })
    expect((await dryRun(box, { GEMDEX_EMBED_RPM: '2' })).stdout).toMatch(/, about 3 min 0 s at the quota/)
    const five = { GEMDEX_EMBED_RPD: '5' }
    expect(await forecastOf(box, five)).toMatchObject({ days: 2, needsConsent: true })
    expect((await dryRun(box, five)).stdout).toMatch(/, on 2 days: run the command again each day\n$/)
    expect((await box.cli(['index', box.path('d')], { env: { ...env, ...five } })).code).toBe(75)
    // Nothing is left today: one day, and it is another.
    expect(await forecastOf(box, five)).toMatchObject({ files: 3, texts: 3, days: 1, needsConsent: true })
  })

  it('takes the price from GEMDEX_PRICES where it names the model', async () => {
    const box = world.fresh()
    box.write(notes(2))
    const forecast = await forecastOf(box, { GEMDEX_PRICES: 'other=1, gemini-embedding-001=250000' })
    expect(forecast.priceUsd).toBeCloseTo(Number(forecast.tokens) / 4, 9)
    expect(forecast.needsConsent).toBe(true)
    expect((await forecastOf(box, { GEMDEX_PRICES: 'other=1' })).priceUsd).toBeLessThan(0.001)
  })

  it('says that it does not know the price of a model it does not know', async () => {
    const box = world.fresh()
    box.write(notes(2))
    const settings = { GEMDEX_EMBEDDING_MODEL: 'gemini-embedding-9', GEMDEX_DIMENSIONS: '768' }
    const { code, stdout } = await dryRun(box, settings)
    expect(code).toBe(0)
    expect(stdout).toMatch(/, price unknown, /)
  })

  it.each(['gemini-embedding-001=free', 'gemini-embedding-001', '=3', 'a=1,a=2'])(
    'refuses GEMDEX_PRICES=%s, naming it, and leaves no index behind',
    async (prices) => {
      const box = world.fresh()
      box.write(notes(1))
      const before = everything(box)
      for (const flags of [['--dry-run'], []]) {
        const ran = await box.cli(['index', box.path('d'), ...flags], {
          env: { ...env, GEMDEX_PRICES: prices },
        })
        expect(ran).toMatchObject({ code: 2, stdout: '' })
        expect(ran.stderr).toMatch(/GEMDEX_PRICES/)
      }
      expect(gemini.requests).toEqual([])
      expect(everything(box)).toEqual(before)
    },
  )

  it('is free with the built-in provider, and nothing is said of time where no quota is', async () => {
    const box = world.fresh()
    box.write(notes(2))
    const without = { GOOGLE_API_KEY: '' }
    expect((await dryRun(box, without)).stdout).toMatch(
      /: 2 files to index, 2 passages; 2 texts \(\d+ tokens\) to embed, free\n$/,
    )
    expect(await forecastOf(box, without)).toMatchObject({ priceUsd: 0, minutes: 0, needsConsent: false })
  })

  it('of a folder that is not there is an error, as the run would be', async () => {
    const ran = await world.fresh().cli(['index', '/nowhere/at/all', '--dry-run'], { env })
    expect(ran).toMatchObject({ code: 2, stdout: '' })
  })
})
