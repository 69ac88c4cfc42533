import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pngOf } from '../extract/image-files.js'
import { answers, faults, type GeminiServer, startGeminiServer } from '../helpers/gemini-server.js'
import { createSandbox, type Environment } from './run-gemdex.js'

const box = createSandbox()
let gemini: GeminiServer
let env: Environment

beforeAll(async () => {
  gemini = await startGeminiServer()
  env = { GOOGLE_API_KEY: gemini.apiKey, GEMINI_BASE_URL: gemini.url }
})
beforeEach(() => gemini.reset())
afterAll(() => gemini.close())

/** Long enough to be a passage of its own. */
const paragraph = (about: string) =>
  `${Array.from({ length: 20 }, (_, i) => `Sentence ${i + 1} tells something of ${about}.`).join(' ')}\n`

const handbook = [
  `# Handbook\n\n${paragraph('the company')}`,
  `## Leave\n\n${paragraph('days off')}`,
  `### Parental leave\n\n${paragraph('children')}`,
  `## Travel\n\n${paragraph('trains')}`,
] as const
const documents = {
  'd/handbook.md': handbook.join('\n'),
  'd/2024-03_board-meeting.txt': paragraph('the roof'),
  'd/copy of the handbook.md': handbook.join('\n'),
}
const PASSAGES = [
  ['Handbook', handbook[0]],
  ['Handbook > Leave', handbook[1]],
  ['Handbook > Leave > Parental leave', handbook[2]],
  ['Handbook > Travel', handbook[3]],
  ['2024-03 board meeting', documents['d/2024-03_board-meeting.txt']],
] as const

const byTitle = <T extends { title?: string; text: string }>(texts: readonly T[]) =>
  [...texts].sort((a, b) => (`${a.title}${a.text}` < `${b.title}${b.text}` ? -1 : 1))

describe('gemdex with gemini-embedding-001', () => {
  beforeAll(async () => {
    gemini.reset()
    box.write(documents)
  })

  it('sends every text once, with its own title, in the role of a document, and says that it sends them', async () => {
    const { code, stdout, stderr } = await box.run(['index', 'd'], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^d: 3 indexed, .*\(9 passages written, 5 texts embedded\)/)
    expect(stderr).toMatch(/sent to Google .*\(gemini-embedding-001\)/)
    expect(stderr).not.toMatch(/lexical/)
    expect(byTitle(gemini.embedTexts())).toEqual(
      byTitle(
        PASSAGES.map(([title, text]) => ({
          model: 'gemini-embedding-001',
          text: text.trim(),
          title,
          taskType: 'RETRIEVAL_DOCUMENT',
          outputDimensionality: 768,
        })),
      ),
    )
    expect(gemini.requests.map(({ action }) => action)).toEqual(['batchEmbedContents'])
    expect(gemini.requests[0]?.headers['x-goog-api-key']).toBe(gemini.apiKey)
  })

  it('sends nothing the second time', async () => {
    const { code, stdout } = await box.cli(['index', box.path('d')], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(/0 indexed, 3 unchanged, .*0 texts embedded/)
    expect(gemini.requests).toEqual([])
  })

  it('sends the text that changed, and that text alone', async () => {
    const changed = handbook.with(3, `## Travel\n\n${paragraph('ships')}`).join('\n')
    box.write({ 'd/handbook.md': changed })
    expect((await box.cli(['index', box.path('d')], { env })).stdout).toMatch(
      /1 indexed, 2 unchanged.* 1 text embedded/,
    )
    expect(gemini.embedTexts().map(({ title, text }) => [title, text.includes('ships')])).toEqual([
      ['Handbook > Travel', true],
    ])
  })

  it('sends a query in its own role, without a title', async () => {
    const { code, stdout, stderr } = await box.run(['search', 'how many days off', '--mode', 'vector'], {
      env,
    })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^1\. {2}Handbook > Leave\n/)
    expect(stderr).not.toMatch(/lexical|degraded|keywords only/)
    expect(gemini.embedTexts()).toEqual([
      {
        model: 'gemini-embedding-001',
        text: 'how many days off',
        taskType: 'RETRIEVAL_QUERY',
        outputDimensionality: 768,
      },
    ])
  })

  it.each([
    ['question', 'QUESTION_ANSWERING'],
    ['fact', 'FACT_VERIFICATION'],
    ['code', 'CODE_RETRIEVAL_QUERY'],
  ])('asks in the role of --task %s', async (task, taskType) => {
    await box.cli(['search', 'how many days off', '--mode', 'vector', '--task', task], { env })
    expect(gemini.embedTexts().map((sent) => sent.taskType)).toEqual([taskType])
  })

  it('sends nothing for a keyword search and for looking around', async () => {
    expect((await box.cli(['search', 'children', '--mode', 'keyword'], { env })).code).toBe(0)
    expect(await box.json(['status'], { env })).toMatchObject({
      documents: 3,
      chunks: 9,
      embedded: 9,
      expected: 9,
      embedder: {
        provider: 'gemini',
        modelId: 'gemini-embedding-001',
        dimensions: 768,
        roles: 'task-type/1',
      },
      generator: 'gemini-3.8-flash',
    })
    expect(gemini.requests).toEqual([])
  })

  it.each([
    ['document', 'RETRIEVAL_DOCUMENT', 'A title'],
    ['question', 'QUESTION_ANSWERING', undefined],
    ['similarity', 'SEMANTIC_SIMILARITY', undefined],
  ])('embeds a text in the role %s', async (role, taskType, title) => {
    const flags = title === undefined ? [] : ['--title', title]
    const result = await box.json(['embed', 'some text', '--role', role, ...flags], { env })
    expect(result).toMatchObject({ model: 'gemini-embedding-001', dimensions: 768, role })
    expect(gemini.embedTexts()).toEqual([
      {
        model: 'gemini-embedding-001',
        text: 'some text',
        taskType,
        outputDimensionality: 768,
        ...(title !== undefined && { title }),
      },
    ])
  })
})

describe('gemdex with gemini-embedding-2', () => {
  const own = box.fresh()

  it('says role and title in the text, and sends no task type', async () => {
    own.write({ 'd/a.md': '# Apples\n\nApples are red.\n', 'd/b.md': 'Pears are green.\n' })
    const settings = {
      ...env,
      GEMDEX_EMBEDDING_MODEL: 'models/gemini-embedding-2',
      GEMDEX_DIMENSIONS: '1536',
    }
    expect((await own.cli(['index', own.path('d')], { env: settings })).code).toBe(0)
    const sent = { model: 'gemini-embedding-2', outputDimensionality: 1536 }
    expect(byTitle(gemini.embedTexts())).toEqual([
      { ...sent, text: 'title: Apples | text: # Apples\n\nApples are red.' },
      { ...sent, text: 'title: b | text: Pears are green.' },
    ])
    gemini.reset()
    expect((await own.cli(['index', own.path('d')], { env: settings })).stdout).toMatch(/2 unchanged/)
    expect(gemini.requests).toEqual([])
  })

  it('keeps model and dimensions of the index without being told again', async () => {
    expect((await own.cli(['search', 'red apples', '--mode', 'vector'], { env })).stdout).toMatch(
      /^1\. {2}Apples/,
    )
    expect(gemini.embedTexts()).toEqual([
      {
        model: 'gemini-embedding-2',
        outputDimensionality: 1536,
        text: 'task: search result | query: red apples',
      },
    ])
  })
})

describe('a daily quota that runs out while indexing', () => {
  const own = box.fresh()

  it('ends with 75, keeps what was done, and the next run goes on from there', async () => {
    // 250 texts are three requests.
    const many = Object.fromEntries(
      Array.from({ length: 250 }, (_, i) => [`d/${String(i).padStart(3, '0')}.txt`, `Note number ${i}.\n`]),
    )
    own.write(many)
    const isFirst = (body: unknown) => JSON.stringify(body).includes('"Note number 0."')
    gemini.failNext(faults.rateLimited({ perDay: true }), {
      match: ({ action, body }) => action === 'batchEmbedContents' && !isFirst(body),
      times: Number.POSITIVE_INFINITY,
    })
    const slow = { ...env, GEMDEX_CONCURRENCY: '1', GEMDEX_EMBED_RPM: 'none', GEMDEX_EMBED_TPM: 'none' }
    const stopped = await own.run(['index', 'd'], { env: slow })
    expect(stopped.code).toBe(75)
    expect(stopped.stderr).toMatch(/day's quota is used up[\s\S]*run the same command again/)
    const done = gemini.embedTexts().map(({ text }) => text)
    expect(done.length).toBeGreaterThan(0)
    expect(done.length).toBeLessThan(250)

    gemini.reset()
    const resumed = await own.cli(['index', own.path('d')], { env: slow })
    expect(resumed.code).toBe(0)
    expect(await own.json(['status'], { env })).toMatchObject({
      documents: 250,
      embedded: 250,
      expected: 250,
    })
    const further = gemini.embedTexts().map(({ text }) => text)
    expect(new Set([...done, ...further]).size).toBe(250)
    expect(further).toHaveLength(250 - done.length)
  })

  it('leaves searching to the keywords', async () => {
    gemini.failNext(faults.rateLimited({ perDay: true }))
    const { code, stdout, stderr } = await own.cli(['search', 'note 17'], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^1\. {2}017\n/)
    expect(stderr).toMatch(/Searched by keywords only: The day's quota is used up/)
  })

  it('ends with 75 when a question cannot be answered for it', async () => {
    gemini.failNext(faults.rateLimited({ perDay: true }), { match: 'streamGenerateContent' })
    const { code, stdout, stderr } = await own.run(['ask', 'What is note number 17?'], { env })
    expect({ code, stdout }).toEqual({ code: 75, stdout: '' })
    expect(stderr).toMatch(/day's quota is used up/)
  })
})

describe('pictures', () => {
  const own = box.fresh()
  const index = (...flags: string[]) => own.cli(['index', own.path('d'), ...flags], { env })

  it('are left out, priced, described within the quota and found', async () => {
    own.write({ 'd/chart.png': pngOf({}), 'd/notes.md': '# Notes\n\nThe chart shows the visitors.\n' })
    expect((await index()).stdout).toContain('skipped chart.png: NO_TEXT (A picture without')
    expect((await index('--images', '--dry-run')).stdout).toMatch(
      /1 file to index, .* to embed, 1 picture to describe, \$0\.00\d+/,
    )
    expect(gemini.requests.filter(({ path }) => path.includes('enerateContent'))).toEqual([])
    gemini.onGenerate(() =>
      answers.text('{"title":"Visitors","description":"The tallest bar is July.","text":"July 4,200"}'),
    )
    const { code, stdout, stderr } = await index('--images')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('Pictures are sent to Google'),
    })
    expect(stdout).toMatch(/^d: 1 indexed, 1 unchanged, .*1 picture described/)
    const found = (await own.json(['search', 'tallest bar'], { env })) as { hits: unknown[] }
    expect(found.hits[0]).toMatchObject({ uri: 'chart.png', title: 'Visitors' })
  })
})

describe('an interrupted run', () => {
  it('exits with 130 and can be gone on with', async () => {
    const own = box.fresh()
    own.write({ 'd/a.txt': 'apples\n' })
    gemini.failNext(faults.hang())
    const arrived = waitForRequest(gemini)
    const indexing = own.start(['index', 'd'], { env })
    await arrived
    const ended = await indexing.stop('SIGINT')
    expect(ended).toMatchObject({ code: 130, stdout: '' })
    expect(ended.stderr).toMatch(/Interrupted\. What was finished is kept/)
    expect((await own.cli(['index', own.path('d')], { env })).stdout).toMatch(/^d: 1 indexed/)
  })
})

async function waitForRequest(server: GeminiServer): Promise<void> {
  while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
}
