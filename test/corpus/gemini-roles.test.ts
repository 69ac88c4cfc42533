import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfig, openEngine } from '../../src/index.js'
import { tempFolder } from '../files/temp-folder.js'
import { answers, startGeminiServer } from '../helpers/gemini-server.js'

async function openWithGemini() {
  const gemini = await startGeminiServer()
  const base = await tempFolder(
    Object.fromEntries(
      ['boats at sea', 'sails and boats', 'bread and ovens', 'ovens for bread'].map((about, i) => [
        `docs/${i}.md`,
        `# Note ${i}\n\nThis note is about ${about}.\n`,
      ]),
    ),
  )
  const env = {
    HOME: base,
    GEMDEX_DB: join(base, 'index.db'),
    GOOGLE_API_KEY: gemini.apiKey,
    GEMINI_BASE_URL: gemini.url,
  }
  const engine = openEngine(loadConfig({ env, cwd: base, flags: {} }), { ifMissing: 'create' })
  onTestFinished(async () => {
    await engine.close()
    await gemini.close()
  })
  await engine.index({ path: join(base, 'docs') })
  gemini.reset()
  return { gemini, base, engine, roles: () => gemini.embedTexts().map(({ taskType }) => taskType) }
}

test('with Gemini texts are sent in the role of what is asked, and topics are named by the model', async () => {
  const { gemini, base, engine, roles } = await openWithGemini()
  const { similarity, relevance, by, model } = await engine.similarity({ texts: ['a boat', 'a ship'] })
  expect(similarity).toBeGreaterThan(-1)
  // On the scale of the model, which reaches from 0.55 to 0.8.
  expect(relevance).toBeCloseTo(Math.min(1, Math.max(0, (similarity - 0.55) / 0.25)), 3)
  expect([by, model]).toEqual(['vectors', 'gemini-embedding-001'])
  expect(roles()).toEqual(['SEMANTIC_SIMILARITY', 'SEMANTIC_SIMILARITY'])

  gemini.reset()
  const labels = [
    { name: 'sea', examples: ['boats at sea', 'a boat with sails'] },
    { name: 'kitchen', description: 'bread and ovens' },
  ]
  const dry = await engine.classify({ labels, dryRun: true })
  expect(dry).toMatchObject({ by: 'vectors', sent: { texts: 3 + 4 } })
  expect(dry.sent.priceUsd).toBeGreaterThan(0)
  expect(gemini.requests).toEqual([])
  const { items } = await engine.classify({ labels })
  expect(items).toHaveLength(4)
  expect(new Set(roles())).toEqual(new Set(['CLASSIFICATION']))
  expect(roles()).toHaveLength(3 + 4)

  gemini.reset()
  gemini.onGenerate(() => answers.text('{"titles": ["At \\u202esea\\u200b", "Bread"]}'))
  const topics = await engine.topics()
  expect(topics).toMatchObject({ by: 'vectors', documents: 4 })
  expect(topics.topics[0]?.title).toBe('At sea')
  expect(roles()).toEqual([])

  const priced = await engine.topics({ role: 'clustering', dryRun: true })
  expect(priced).toMatchObject({ topics: [], sent: { texts: 4 } })
  expect(roles()).toEqual([])
  expect((await engine.topics({ role: 'clustering' })).documents).toBe(4)
  expect(roles()).toEqual(Array(4).fill('CLUSTERING'))

  // Its vectors are kept: neither another run nor one of the indexer's loses them, and a changed document alone is sent.
  gemini.reset()
  await engine.index({ path: join(base, 'docs') })
  expect(roles().filter((role) => role === 'CLUSTERING')).toEqual([])
  gemini.reset()
  expect(await engine.topics({ role: 'clustering' })).toMatchObject({ documents: 4, sent: { texts: 0 } })
  expect(roles()).toEqual([])
  await writeFile(join(base, 'docs', '0.md'), '# Note 0\n\nThis note is about trains.\n')
  await engine.index({ path: join(base, 'docs') })
  gemini.reset()
  expect(await engine.topics({ role: 'clustering', dryRun: true })).toMatchObject({ sent: { texts: 1 } })
  expect((await engine.topics({ role: 'clustering' })).documents).toBe(4)
  expect(roles()).toEqual(['CLUSTERING'])

  gemini.onGenerate(() => answers.text('no JSON'))
  const unnamed = await engine.topics()
  expect(unnamed.note).toMatch(/^The topics were not named/)
})
