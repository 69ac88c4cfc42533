import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  answers,
  type Fault,
  faults,
  type GeminiServer,
  startGeminiServer,
} from '../helpers/gemini-server.js'
import { readable } from './documents.js'
import { createSandbox, type Environment } from './run-gemdex.js'

const box = createSandbox()
let gemini: GeminiServer
let env: Environment

beforeAll(async () => {
  gemini = await startGeminiServer()
  env = { GOOGLE_API_KEY: gemini.apiKey, GEMINI_BASE_URL: gemini.url, GEMDEX_LOG_LEVEL: 'debug' }
  box.write(readable)
  await box.cli(['index', box.path('docs')], { env })
})
beforeEach(() => gemini.reset())
afterAll(() => gemini.close())

const FOREVER = { times: Number.POSITIVE_INFINITY }

describe('the key', () => {
  const echo = (key: string): Fault => ({
    status: 400,
    body: {
      error: { code: 400, message: `Bad request ?key=${key}&x=1 ${encodeURIComponent(key)}`, status: 'X' },
    },
  })
  const all: readonly (readonly [string, () => Fault, number])[] = [
    ['an invalid key', faults.invalidKey, 2],
    ['a forbidden project', faults.permissionDenied, 2],
    ['a missing model', faults.modelNotFound, 2],
    ['a used up day', () => faults.rateLimited({ perDay: true }), 75],
    ['an echo of the key', () => echo(gemini.apiKey), 2],
    ['a refused request', () => ({ status: 400, body: { error: { code: 400, message: 'No.' } } }), 2],
    ['an unavailable service', faults.unavailable, 2],
    ['an internal error', faults.internal, 2],
    ['a page of a proxy', faults.htmlPage, 2],
    ['a captive portal', () => faults.htmlPage(200), 2],
    ['an empty body', faults.emptyBody, 2],
    ['broken JSON', faults.brokenJson, 2],
    ['a dropped connection', faults.dropConnection, 2],
    ['a cut body', faults.cutBody, 2],
  ]

  it.each(all)('does not occur in any output with %s', async (_, fault, code) => {
    gemini.failNext(fault(), { ...FOREVER, match: 'models' })
    const listed = await box.cli(['models'], { env })
    expect({ code: listed.code, stdout: listed.stdout }).toEqual({ code, stdout: '' })
    expect(listed.stderr).toMatch(/^error \S.*listModels.*\n {2}\S/m)
    expect(listed.stderr).not.toMatch(/gemdex-test-key/)
  })

  it.each([
    ['a search', ['search', 'heat pump'], 'batchEmbedContents'],
    ['a question', ['ask', 'When was the heat pump installed?'], 'streamGenerateContent'],
    ['an index run', ['index', 'docs', '--force'], 'batchEmbedContents'],
    ['an embedding', ['embed', 'x'], 'batchEmbedContents'],
  ] as const)('does not occur in any output of %s that fails', async (_, args, match) => {
    if (args[0] === 'index') box.write({ 'docs/new.txt': 'something new\n' })
    gemini.failNext(echo(gemini.apiKey), { ...FOREVER, match })
    const ran = await box.run(args, { env })
    expect(ran.stdout + ran.stderr).toMatch(/Bad request \?key=\[key\]/)
    expect(ran.stdout + ran.stderr).not.toMatch(/gemdex-test-key/)
  })

  it('is asked for by its variable when it is refused', async () => {
    const { code, stdout, stderr } = await box.run(['models'], {
      env: { ...env, GOOGLE_API_KEY: 'AQ.wrong' },
    })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/refused the API key[\s\S]*Set GOOGLE_API_KEY/)
    expect(stderr).not.toContain('AQ.wrong')
  })

  it('comes from GOOGLE_API_KEY before GEMINI_API_KEY', async () => {
    const { GOOGLE_API_KEY, ...rest } = env
    expect((await box.cli(['models'], { env: { ...rest, GEMINI_API_KEY: GOOGLE_API_KEY } })).code).toBe(0)
    expect((await box.cli(['models'], { env: { ...env, GEMINI_API_KEY: 'AQ.wrong' } })).code).toBe(0)
  })

  it('is not shown by doctor either', async () => {
    gemini.failNext(echo(gemini.apiKey))
    const { code, stdout } = await box.run(['doctor'], { env })
    expect(code).toBe(2)
    expect(stdout).toMatch(/^FAIL {2}Gemini API: /m)
    expect(stdout).not.toMatch(/gemdex-test-key/)
  })
})

describe('gemdex models', () => {
  it('lists the models that the key can use, with their limits', async () => {
    const { code, stdout } = await box.run(['models'], { env })
    expect(code).toBe(0)
    const rows = stdout.split('\n').map((line) => line.split(/ {2,}/))
    expect(rows[0]).toEqual(['MODEL', 'TOKENS IN', 'TOKENS OUT', 'METHODS'])
    expect(rows.map(([id]) => id)).toEqual([
      'MODEL',
      'gemini-3.8-flash',
      'gemini-3.5-flash-lite',
      'gemini-embedding-001',
      'gemini-embedding-2',
      '',
    ])
    expect(rows[1]?.slice(1)).toEqual(['1,048,576', '65,536', expect.stringMatching(/^generateContent, /)])
  })

  it('lists those of one method, and the methods there are when none fits', async () => {
    const embedders = await box.json(['models', '--method', 'embedContent'], { env })
    expect(embedders).toMatchObject([{ id: 'gemini-embedding-001' }, { id: 'gemini-embedding-2' }])
    const none = await box.cli(['models', '--method', 'paint'], { env })
    expect(none).toMatchObject({ code: 1, stdout: '' })
    expect(none.stderr).toMatch(/No model offers paint\. Methods: .*generateContent/)
  })
})

describe('a model that is retired', () => {
  it.each(['gemini-pro', 'gemini-2.0-flash'])(
    '%s is sent as it is, and the 404 names the next step',
    async (model) => {
      const ran = await box.cli(['ask', 'When was the heat pump installed?', '--model', model], { env })
      expect(ran).toMatchObject({ code: 2, stdout: '' })
      expect(ran.stderr).toMatch(
        new RegExp(`The model ${model} cannot be used.*HTTP 404[\\s\\S]*gemdex models`),
      )
      expect(ran.stderr).toContain('the key can use gemini-3.8-flash')
      expect(gemini.requests.at(-2)?.path).toBe(`/v1beta/models/${model}:streamGenerateContent`)
    },
  )

  it.each(['text-embedding-004', 'embedding-001'])(
    '%s cannot make an index either, and says so',
    async (model) => {
      const own = box.fresh()
      own.write({ 'd/a.txt': 'apples\n' })
      const ran = await own.cli(['index', own.path('d'), '--embedding-model', model], { env })
      expect(ran).toMatchObject({ code: 2, stdout: '' })
      expect(ran.stderr).toMatch(
        new RegExp(`The model ${model} cannot be used.*no longer available[\\s\\S]*gemdex models`),
      )
      expect(ran.stderr).toContain('the key can use gemini-embedding-001')
      expect(gemini.requests.at(-2)?.path).toBe(`/v1beta/models/${model}:batchEmbedContents`)
    },
  )
})

describe('a fault that passes', () => {
  it('is tried again before the first word of an answer', async () => {
    gemini.failNext(faults.unavailable(), { match: 'streamGenerateContent' })
    gemini.onGenerate(() => answers.text('It was installed in 2021 [1].'))
    const { code, stdout } = await box.run(['ask', 'When was the heat pump installed?'], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^It was installed in 2021 \[1\]\.\n/)
    expect(gemini.requests.map(({ status }) => status)).toEqual([200, 503, 200])
  })

  it('after the first word gives no answer at all, and says so', async () => {
    gemini.onGenerate(async function* () {
      yield answers.text('It was', { finishReason: '' })
      throw new Error('cut')
    })
    const { code, stdout, stderr } = await box.run(['ask', 'When was the heat pump installed?'], { env })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/stopped before it was complete|could not be read/)
  })

  it('never leaves a wrong vector in the index', async () => {
    const own = box.fresh()
    own.write({ 'd/a.txt': 'apples\n', 'd/b.txt': 'pears\n' })
    gemini.failNext(
      faults.mutateEmbeddings((vectors) => vectors.map((vector) => vector.map(() => 0))),
      FOREVER,
    )
    await own.cli(['index', own.path('d')], { env })
    expect(await own.json(['status'], { env })).toMatchObject({ embedded: 0 })
    gemini.reset()
    expect((await own.cli(['index', own.path('d'), '--force'], { env })).code).toBe(0)
    expect(await own.json(['status'], { env })).toMatchObject({ embedded: 2, expected: 2 })
  })
})
