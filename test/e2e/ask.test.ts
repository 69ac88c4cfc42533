import { beforeAll, describe, expect, it } from 'vitest'
import { readable } from './documents.js'
import { createSandbox } from './run-gemdex.js'

const box = createSandbox()
const QUESTION = 'When was the heat pump installed?'
const UNANSWERABLE = 'Which orchestra plays in Vienna in winter?'

beforeAll(async () => {
  box.write(readable)
  await box.cli(['index', box.path('docs')])
})

describe('gemdex ask without a key', () => {
  it('quotes the answer with its verified source, and says that no model wrote it', async () => {
    const { code, stdout, stderr } = await box.run(['ask', QUESTION])
    expect(code).toBe(0)
    expect(stdout).toBe(
      'The heat pump was installed in 2021 by the firm Keller. [1]\n\nSources\n' +
        '  [1] Heating (heating.md, lines 1-5) verified\n' +
        '      "The heat pump was installed in 2021 by the firm Keller."\n',
    )
    expect(stderr).toMatch(/Quoted by the built-in lexical provider, without a model/)
  })

  it('says the same without streaming', async () => {
    const { code, stdout } = await box.cli(['ask', QUESTION, '--no-stream'])
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^The heat pump was/) })
  })

  it('gives JSON with the fields of the contract', async () => {
    const answer = (await box.json(['ask', QUESTION])) as { sources: { id: string; documentId: string }[] }
    const [source] = answer.sources
    expect(answer).toEqual({
      status: 'answered',
      answer: 'The heat pump was installed in 2021 by the firm Keller. [1]',
      citations: [
        {
          marker: 1,
          hitId: source?.id,
          documentId: source?.documentId,
          title: 'Heating',
          uri: 'heating.md',
          location: { kind: 'lines', start: 1, end: 5, heading: 'Heating' },
          quote: 'The heat pump was installed in 2021 by the firm Keller.',
          verified: true,
          start: 0,
          end: 55,
        },
      ],
      unsupported: [],
      sources: expect.any(Array),
      standaloneQuestion: QUESTION,
      sessionId: null,
      model: 'local-extractive-v2',
      finishReason: 'STOP',
    })
    expect(source).toMatchObject({ uri: 'heating.md', text: readable['docs/heating.md'].trim() })
  })

  it('refuses what the documents do not hold, and names the nearest passages', async () => {
    const { code, stdout } = await box.cli(['ask', UNANSWERABLE])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^The documents do not answer this\./)
    expect(stdout).not.toMatch(/^Sources$/m)
    expect(stdout).toMatch(/^Nearest passages:\n {2}\S/m)
    expect(await box.json(['ask', UNANSWERABLE], { code: 1 })).toMatchObject({
      status: 'refused',
      answer: '',
      citations: [],
      reason: expect.stringMatching(/./),
    })
  })

  it('asks one collection only with -c', async () => {
    const { code, stdout, stderr } = await box.cli(['ask', QUESTION, '-c', 'garden'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/garden[\s\S]*There are: docs/)
    expect((await box.cli(['ask', QUESTION, '-c', 'docs'])).code).toBe(0)
  })

  it('asks only the documents that match with --filter', async () => {
    const asked = (glob: string, code: number) =>
      box.json(['ask', QUESTION, '--filter', JSON.stringify({ path: { $glob: glob } })], { code })
    expect(await asked('heating.md', 0)).toMatchObject({ citations: [{ uri: 'heating.md' }] })
    expect(await asked('garden.*', 1)).toMatchObject({ status: 'refused' })
  })
})
