import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { answers, type GeminiServer, startGeminiServer } from '../helpers/gemini-server.js'
import { readable } from './documents.js'
import { createSandbox, type Environment } from './run-gemdex.js'

const box = createSandbox()
const QUESTION = 'When was the heat pump installed?'
let gemini: GeminiServer
let key: Environment

beforeAll(async () => {
  gemini = await startGeminiServer()
  key = { GOOGLE_API_KEY: gemini.apiKey, GEMINI_BASE_URL: gemini.url }
})
beforeEach(() => gemini.reset())
afterAll(() => gemini.close())

describe('an index made without a key', () => {
  const own = box.fresh()
  const actions = () => gemini.requests.map(({ action }) => action)

  beforeAll(async () => {
    own.write(readable)
    await own.cli(['index', own.path('docs')])
  })

  it('is searched as before when a key appears, and still says that it is lexical', async () => {
    const { code, stdout, stderr } = await own.run(['search', 'heat pump'], { env: key })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^1\. {2}Heating/)
    expect(stderr).toMatch(
      /made without a key: it compares words, not meaning[\s\S]*gemdex migrate --embedder gemini/,
    )
    expect(gemini.requests).toEqual([])
  })

  it('is written as before', async () => {
    own.write({ 'docs/new.txt': 'Something new.\n' })
    const { code, stdout } = await own.cli(['index', own.path('docs')], { env: key })
    expect(code).toBe(0)
    expect(stdout).toMatch(/1 indexed, 3 unchanged/)
    expect(await own.json(['status'], { env: key })).toMatchObject({
      embedder: { provider: 'local' },
      embedded: 4,
      expected: 4,
      generator: 'gemini-3.8-flash',
    })
    expect(gemini.requests).toEqual([])
  })

  it('is answered from by the model, which needs no vectors', async () => {
    gemini.onGenerate(() => answers.text('It was installed in 2021 [1].'))
    const { code, stdout } = await own.cli(['ask', QUESTION], { env: key })
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^It was installed in 2021 \[1\]/),
    })
    expect(actions()).toEqual(['streamGenerateContent'])
  })

  it.each<[string, Environment, RegExp]>([
    ['embedder', { GEMDEX_EMBEDDER: 'gemini' }, /embedder gemini/],
    ['model', { GEMDEX_EMBEDDING_MODEL: 'gemini-embedding-2' }, /embedding model gemini-embedding-2/],
    ['number of dimensions', { GEMDEX_DIMENSIONS: '768' }, /768 dimensions/],
  ])('is refused with another %s', async (_, settings, named) => {
    for (const args of [
      ['search', 'heat pump'],
      ['ask', QUESTION],
      ['index', own.path('docs')],
      ['status'],
    ]) {
      const { code, stdout, stderr } = await own.cli(args, { env: { ...key, ...settings } })
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(named)
      expect(stderr).toMatch(/made with local-lexical-v1[\s\S]*gemdex migrate --/)
    }
    expect(gemini.requests).toEqual([])
  })
})

describe('an index made with Gemini', () => {
  const own = box.fresh()

  beforeAll(async () => {
    own.write(readable)
    await own.cli(['index', own.path('docs')], { env: key })
  })

  it('is searched by keywords without the key, marked degraded with the reason', async () => {
    const { code, stdout, stderr } = await own.run(['search', 'heat pump'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^1\. {2}Heating/)
    expect(stderr).toMatch(/Searched by keywords only: .*gemini-embedding-001.*set GOOGLE_API_KEY/)
    expect(await own.json(['search', 'heat pump'])).toMatchObject({
      mode: 'keyword',
      degraded: expect.stringMatching(/GOOGLE_API_KEY/),
      hits: [{ uri: 'heating.md', relevance: 1 }],
    })
    expect(await own.json(['status'])).toMatchObject({ degraded: expect.stringMatching(/GOOGLE_API_KEY/) })
  })

  it('is answered from without the key too, by quoting', async () => {
    expect(await own.json(['ask', QUESTION])).toMatchObject({
      status: 'answered',
      model: 'local-extractive-v2',
      degraded: expect.stringMatching(/Searched by keywords only/),
    })
  })

  it('cannot be written without the key: exit code 2, naming it', async () => {
    own.write({ 'docs/new.txt': 'Something new.\n' })
    const { code, stdout, stderr } = await own.run(['index', 'docs'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/Embedding with gemini-embedding-001 needs a key: set GOOGLE_API_KEY/)
    expect((await own.cli(['index', own.path('docs')], { env: key })).stdout).toMatch(
      /1 indexed, 3 unchanged.* 1 text embedded/,
    )
  })

  it('is searched by keywords when Google cannot be reached', async () => {
    const { code, stderr } = await own.cli(['search', 'heat pump'], {
      env: { ...key, GEMINI_BASE_URL: 'http://127.0.0.1:9' },
    })
    expect(code).toBe(0)
    expect(stderr).toMatch(/Searched by keywords only: .*could not be reached/)
  })

  it.each<[string, Environment, RegExp]>([
    ['embedder', { GEMDEX_EMBEDDER: 'local' }, /embedder local/],
    ['model', { GEMDEX_EMBEDDING_MODEL: 'gemini-embedding-2' }, /embedding model gemini-embedding-2/],
    ['number of dimensions', { GEMDEX_DIMENSIONS: '1536' }, /1536 dimensions/],
  ])('is refused with another %s', async (_, settings, named) => {
    for (const args of [
      ['search', 'heat pump'],
      ['index', own.path('docs')],
    ]) {
      const { code, stdout, stderr } = await own.cli(args, { env: { ...key, ...settings } })
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(named)
      expect(stderr).toMatch(/made with gemini-embedding-001 \(768 dimensions/)
    }
    expect(gemini.requests).toEqual([])
  })

  it('accepts settings that say what it is', async () => {
    const settings = {
      GEMDEX_EMBEDDER: 'gemini',
      GEMDEX_EMBEDDING_MODEL: 'models/gemini-embedding-001',
      GEMDEX_DIMENSIONS: '768',
    }
    const { code, stderr } = await own.cli(['search', 'heat pump'], { env: { ...key, ...settings } })
    expect(code).toBe(0)
    expect(stderr).not.toMatch(/keywords only/)
  })
})

describe('a new index', () => {
  it.each<[string, Environment, RegExp]>([
    [
      'a model of Gemini but no key',
      { GEMDEX_EMBEDDING_MODEL: 'gemini-embedding-2' },
      /gemini-embedding-2.* set GOOGLE_API_KEY/,
    ],
    ['Gemini but no key', { GEMDEX_EMBEDDER: 'gemini' }, /set GOOGLE_API_KEY/],
    [
      'dimensions that the built-in provider does not have',
      { GEMDEX_DIMENSIONS: '768' },
      /1024 dimensions, not 768/,
    ],
  ])('is not made when the settings ask for %s', async (_, env, message) => {
    const own = box.fresh()
    own.write({ 'd/a.txt': 'apples\n' })
    const { code, stdout, stderr } = await own.cli(['index', own.path('d')], { env })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect((await own.cli(['index', own.path('d')])).stdout).toMatch(/^d: 1 indexed/)
  })

  it('is made by words in spite of the key with GEMDEX_EMBEDDER=local', async () => {
    const own = box.fresh()
    own.write({ 'd/a.txt': 'apples\n' })
    const { code, stderr } = await own.cli(['index', own.path('d')], {
      env: { ...key, GEMDEX_EMBEDDER: 'local' },
    })
    expect(code).toBe(0)
    expect(stderr).toMatch(/compares words, not meaning/)
    expect(stderr).not.toMatch(/sent to Google/)
    expect(gemini.requests).toEqual([])
  })
})
