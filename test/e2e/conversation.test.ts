import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { answers, faults, type GeminiServer, startGeminiServer } from '../helpers/gemini-server.js'
import { createSandbox, type Environment } from './run-gemdex.js'

/** What each turn needs stands in a document of its own; all of them share words. */
const documents = {
  'docs/heating.md': '# Heating\n\nThe heat pump was installed in 2021 by the firm Keller. It is quiet.\n',
  'docs/firms.md': '# Firms that we call\n\nKeller has its workshop in Lindach.\n',
  'docs/builders.md':
    '# Builders\n\nBrandt and his sons built the bread oven. Their workshop is in Stebbing.\n',
  'docs/ways.md': '# Ways\n\nTo get to Lindach, take bus 7.\n\nTo get to Stebbing, take the train.\n',
  'docs/oven.md': '# Bread oven\n\nThe oven was built in 2019. Somebody has to get wood for it.\n',
  'docs/boats.md': '# Boats\n\nHow to get a boat there: ask at the workshop of the harbour.\n',
} as const

type Turn = readonly [question: string, standalone: string, document: string, answer: string]
const CONVERSATION: readonly Turn[] = [
  [
    'Who installed the heat pump?',
    'Who installed the heat pump?',
    'heating.md',
    'The heat pump was installed in 2021 by the firm Keller.',
  ],
  [
    'Where is their workshop?',
    'Where is the workshop of the firm Keller?',
    'firms.md',
    'Keller has its workshop in Lindach.',
  ],
  ['How do I get there?', 'How do I get to Lindach?', 'ways.md', 'To get to Lindach, take bus 7.'],
]

const box = createSandbox()
let gemini: GeminiServer
let env: Environment

beforeAll(async () => {
  gemini = await startGeminiServer()
  env = { GOOGLE_API_KEY: gemini.apiKey, GEMINI_BASE_URL: gemini.url }
  box.write(documents)
  await box.cli(['index', box.path('docs')], { env })
})
beforeEach(() => gemini.reset())
afterAll(() => gemini.close())

const textOf = (body: unknown) => JSON.stringify(body)
const isRewriting = (body: unknown) => textOf(body).includes('You rewrite the last question')

/** Says what each turn needs to hear, from the passage that has it; as one that rewrites, what the turn is about. */
function play(): void {
  gemini.onGenerate((body) => {
    const text = textOf(body)
    if (isRewriting(body)) {
      const asked = CONVERSATION.find(([question]) => text.includes(`Last question: ${question}`))
      return answers.text(asked?.[1] ?? '')
    }
    const passages = [...text.matchAll(/<<passage (\d+) [^>]+>>(.*?)<<end/g)]
    const said = CONVERSATION.findLast(([question, standalone]) =>
      [question, standalone].some((asked) => text.includes(`Question: ${asked}`)),
    )?.[3]
    const found = passages.find(([, , passage = '']) => said !== undefined && passage.includes(said))
    return answers.text(found === undefined ? 'NOT_IN_PASSAGES' : `${said} [${found[1]}]`)
  })
}

type Answered = {
  readonly standaloneQuestion: string
  readonly status: string
  readonly citations: readonly { readonly uri: string; readonly verified: boolean }[]
}

/** The conversation, its last turn by a process of its own. */
async function converse(
  own: typeof box,
  environment: Environment,
): Promise<{ id: string; turns: Answered[] }> {
  const questions = CONVERSATION.map(([question]) => question)
  await own.run(['chat'], { env: environment, stdin: `${questions.slice(0, -1).join('\n')}\n` })
  const [{ id } = { id: '' }] = (await own.json(['sessions', 'list'])) as { id: string }[]
  await own.json(['ask', questions.at(-1) ?? '', '--session', id], { env: environment })
  return (await own.json(['sessions', 'show', id])) as { id: string; turns: Answered[] }
}

const citedBy = (turns: readonly Answered[]) => turns.map(({ citations }) => citations[0])
const right = CONVERSATION.map(([, , uri]) => expect.objectContaining({ uri, verified: true }))

describe('a conversation of three turns, of which two make no sense alone', () => {
  it('has no answer to them when they are asked alone', async () => {
    play()
    for (const [question] of CONVERSATION.slice(1)) {
      const { stdout } = await box.cli(['ask', question, '--json', '--generator', 'local'], { env })
      const { citations } = JSON.parse(stdout) as Answered
      expect(right.slice(1)).not.toContainEqual(citations[0])
    }
  })

  it('finds them by rules where the model fails to rewrite', async () => {
    play()
    gemini.failNext(faults.internal(), {
      times: Number.POSITIVE_INFINITY,
      match: ({ body }) => isRewriting(body),
    })
    const { id, turns } = await converse(box, env)
    expect(citedBy(turns)).toEqual(right)
    await box.cli(['sessions', 'remove', id])
  })

  it('finds them without a key', async () => {
    const own = box.fresh()
    own.write(documents)
    await own.cli(['index', own.path('docs')])
    expect(citedBy((await converse(own, {})).turns)).toEqual(right)
  })

  describe('with what the model makes of the questions', () => {
    let id: string
    let turns: readonly Answered[]

    beforeAll(async () => {
      play()
      ;({ id, turns } = await converse(box, env))
    })

    it('finds the right documents', () => {
      expect(turns.map(({ standaloneQuestion }) => standaloneQuestion)).toEqual(
        CONVERSATION.map(([, standalone]) => standalone),
      )
      expect(citedBy(turns)).toEqual(right)
      expect(turns.map(({ status }) => status)).toEqual(['answered', 'answered', 'answered'])
    })

    it('is found again by its words, and by meaning once it is embedded', async () => {
      const search = ['sessions', 'search', 'workshop of Keller']
      const found = { turns: [{ question: 'Where is their workshop?' }, {}] }
      expect(await box.json(search)).toMatchObject(found)
      expect(await box.json(['embed', '--session', id], { env })).toMatchObject({
        model: 'gemini-embedding-001',
        turns: [{ turn: 1 }, { turn: 2 }, { turn: 3 }],
      })
      expect(gemini.embedTexts().at(-1)).toMatchObject({
        taskType: 'RETRIEVAL_DOCUMENT',
        title: 'Who installed the heat pump?',
      })
      expect(await box.json(search, { env })).toMatchObject(found)
      expect(gemini.embedTexts().at(-1)).toMatchObject({
        text: 'workshop of Keller',
        taskType: 'RETRIEVAL_QUERY',
      })
    })

    it('loses what it quotes of a document that is removed', async () => {
      await box.cli(['remove', 'firms.md'])
      const kept = JSON.stringify(await box.json(['sessions', 'show', id]))
      expect(kept).not.toContain('Keller has its workshop in Lindach')
      expect(kept).toContain('The heat pump was installed in 2021 by the firm Keller.')
    })
  })
})
