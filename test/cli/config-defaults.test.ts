import { expect, onTestFinished, test } from 'vitest'
import { defaultsOf } from '../../src/cli/commands/config-get.js'
import { openEngine } from '../../src/compose.js'
import { loadConfig } from '../../src/config.js'
import { EMBEDDING_PACE, GENERATION_PACE } from '../../src/embed/pace.js'
import { BASE_URL, createGeminiClient } from '../../src/gemini/client.js'
import { createGeminiGenerator } from '../../src/gemini/generator.js'
import { checkDimensions, embeddingModelFacts } from '../../src/gemini/models.js'
import { KEY_RPM } from '../../src/http/create-http-server.js'
import { collect, sampleRequest } from '../contract/generator.js'
import { startGeminiServer } from '../helpers/gemini-server.js'

const defaults = (env: Record<string, string> = {}) => defaultsOf(loadConfig({ env, cwd: '/' }))
const shown = (limit: number) => (Number.isFinite(limit) ? limit : 'none')

test('the defaults that are shown are those that hold', () => {
  expect(defaults()).toMatchObject({
    geminiBaseUrl: BASE_URL,
    embedRpm: EMBEDDING_PACE.perMinute,
    embedTpm: EMBEDDING_PACE.tokensPerMinute,
    embedRpd: EMBEDDING_PACE.perDay,
    rpm: GENERATION_PACE.perMinute,
    tpm: shown(GENERATION_PACE.tokensPerMinute),
    rpd: shown(GENERATION_PACE.perDay),
    keyRpm: KEY_RPM,
  })
})

test('a key decides who embeds and answers where nothing else does', () => {
  expect(defaults()).toMatchObject({ embedder: 'local', generator: 'local' })
  expect(defaults({ GOOGLE_API_KEY: 'k' })).toMatchObject({ embedder: 'gemini', generator: 'gemini' })
})

test('what is kept of questions without an answer is what is shown', async () => {
  const engine = openEngine(loadConfig({ env: {}, cwd: '/' }), { ifMissing: 'memory' })
  onTestFinished(() => engine.close())
  expect(defaults().keepGaps).toBe((await engine.status()).gaps.keeping ? 'yes' : 'no')
})

test('vectors have the dimensions of their model', () => {
  const { embeddingModel, dimensions } = loadConfig({ env: {}, cwd: '/' })
  expect(defaults().dimensions).toBe("the model's own")
  for (const model of [embeddingModel, 'embedding-001'])
    expect(checkDimensions(model, dimensions)).toBe(embeddingModelFacts(model).dimensions.default)
})

test('as many answers are asked for as are shown', async () => {
  const server = await startGeminiServer()
  onTestFinished(() => server.close())
  const client = createGeminiClient({ apiKey: server.apiKey, baseUrl: server.url })
  const generator = createGeminiGenerator({ client, modelId: 'gemini-3.8-flash' })
  const pathFor = async (candidates?: number) => {
    const settings = candidates === undefined ? {} : { candidates }
    await collect(generator.generate({ ...sampleRequest, settings }, {}))
    return server.requests.at(-1)?.path
  }
  // One is streamed, several are not.
  expect(await pathFor()).toBe(await pathFor(Number(defaults().candidates)))
  expect(await pathFor()).not.toBe(await pathFor(2))
})
