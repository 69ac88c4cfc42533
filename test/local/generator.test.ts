import { describe, expect, it } from 'vitest'
import { type GenerateRequest, NOT_IN_PASSAGES } from '../../src/answer/generator.js'
import { createExtractiveGenerator } from '../../src/local/extractive-generator.js'
import { rankSentences } from '../../src/local/rank-sentences.js'
import { analyze } from '../../src/text/analyze.js'
import { createLexicon } from '../../src/text/lexicon.js'
import { collect, describeGenerator, textOf } from '../contract/generator.js'

describeGenerator('local extractive', createExtractiveGenerator)

/** What is quoted from passages, each given as `[title, text]`; every word of the question weighs the same. */
async function quote(
  question: string,
  ...passages: (readonly [title: string, text: string])[]
): Promise<string> {
  const request: GenerateRequest = {
    system: '',
    messages: [],
    grounding: {
      question,
      passages: passages.map(([title, text], i) => ({ number: i + 1, title, text })),
      termWeights: new Map(analyze(question).map(({ term }) => [term, 1])),
    },
    settings: {},
    safety: [],
  }
  return textOf(await collect(createExtractiveGenerator().generate(request, {})))
}

describe('the extractive generator', () => {
  it('quotes the sentence that holds the words, under its passage', async () => {
    expect(
      await quote(
        'heat pump installed',
        ['Bread', 'Bake it until it is brown.'],
        ['House', 'The roof is new. A heat pump was installed in 2021. It is quiet.'],
      ),
    ).toBe('A heat pump was installed in 2021. [2]')
  })

  it('leaves out the marks of lists, and no number that a date or a cell begins with', async () => {
    expect(await quote('heat pump installed', ['House', '1. Heat pump installed'])).toBe(
      'Heat pump installed. [1]',
    )
    expect(await quote('Wärmepumpe Einbau', ['Haus', '28. Juni 2024: Einbau der Wärmepumpe.'])).toBe(
      '28. Juni 2024: Einbau der Wärmepumpe. [1]',
    )
    const table = '| Datum | Amt |\n|---|---|\n| 28. Juni 2024 | 1. Vorsitzende |'
    expect(await quote('Datum Vorsitzende', ['Haus', table])).toBe(
      'Datum: 28. Juni 2024; Amt: 1. Vorsitzende. [1]',
    )
  })

  it('says the words of links and no markup, and code as it stands', async () => {
    const text =
      'It is old. Every decorated [Fastify server](./Server.md) has a **heat pump**.[^1] More [here](./Decorators.md).'
    expect(await quote('decorated Fastify heat pump', ['House', text])).toBe(
      'Every decorated Fastify server has a heat pump. [1]',
    )
    const code = 'Text.\n\n```py\ndef __heat__(pump): # **kwargs\n```'
    expect(await quote('def heat pump', ['House', code])).toBe('def __heat__(pump): # **kwargs. [1]')
  })

  it('says the same once, wherever it stands and however it is written', async () => {
    const twice = 'The heat pump is red.\n\n- the **heat pump** is red'
    expect(await quote('heat pump', ['House', twice])).toBe('The heat pump is red. [1]')
    const listed = '## What is in the glacier bag\n- two ropes\n- crampons\n- two ropes'
    expect(await quote('What is in the glacier bag?', ['House', listed])).toBe(
      'two ropes. [1]\ncrampons. [1]',
    )
    const other = 'The heat pump is red. It is Ida who paints the heat pump.'
    expect(await quote('heat pump red', ['House', 'The heat pump is red.'], ['Shed', other])).not.toMatch(
      /red\..*red\./s,
    )
  })

  it('puts the sentence before it where that is spoken on about', async () => {
    expect(
      await quote('heat pump stands cellar', ['House', 'Ida has a heat pump. It stands in the cellar.']),
    ).toBe('Ida has a heat pump. It stands in the cellar. [1]')
  })

  it('says that the passages do not hold what no sentence does', async () => {
    expect(await quote('heat pump installed', ['Bread', 'Bake it until it is brown.'])).toBe(NOT_IN_PASSAGES)
    expect(await quote('heat pump installed')).toBe(NOT_IN_PASSAGES)
    expect(await quote('heat pump warranty contract', ['House', 'The heat of summer is great.'])).toBe(
      NOT_IN_PASSAGES,
    )
  })

  it('counts headings and neighbouring sentences for less', async () => {
    const answer = await quote('pump pressure limit', [
      'Pump',
      'The pressure must not pass the limit. It is red.',
    ])
    expect(answer).toBe('The pressure must not pass the limit. [1]')
  })

  it('quotes the same sentence once, and three at most', async () => {
    const same = ['House', 'The heat pump is red.'] as const
    expect(await quote('heat pump', same, same)).toBe('The heat pump is red. [1]')
    const words = ['heat', 'pump', 'valve', 'boiler', 'meter']
    const many = words.map((word) => ['House', `The ${word} is red.`] as const)
    expect((await quote(words.join(' '), ...many)).split('\n').length).toBeLessThanOrEqual(3)
  })

  it('adds a sentence only for words of the question that none before it bears', async () => {
    const both = ['House', 'The heat pump is red.\n\nThe heat pump has number 7.'] as const
    expect(await quote('heat pump', both)).toBe('The heat pump is red. [1]')
  })

  it('quotes two passages that answer as well as one another', async () => {
    const first = ['House', 'The heat pump is red.'] as const
    const second = ['Barn', 'The heat pump has number 7.'] as const
    const weaker = ['Shed', 'The heat is on.'] as const
    expect(await quote('heat pump', first, second, weaker)).toBe(
      'The heat pump is red. [1]\nThe heat pump has number 7. [2]',
    )
    expect(await quote('heat pump', first, second, second)).toBe(
      'The heat pump is red. [1]\nThe heat pump has number 7. [2]',
    )
  })

  it('quotes a rival of the best sentence from another passage, not what is far behind', async () => {
    const quoted = await quote(
      'Who repaired the broken northern snow pillow beside the lake in early spring?',
      ['Log', 'Then Anna Berg repaired the broken northern snow pillow beside the lake in early spring.'],
      ['Diary', 'Then Carl Holm repaired the broken southern snow pillow beside the lake in early spring.'],
      ['Note', 'Many like the lake.'],
    )
    expect(quoted).toContain('[1]')
    expect(quoted).toContain('[2]')
    expect(quoted).not.toContain('[3]')
  })

  it('takes words that begin alike for a hint', () => {
    const question = 'Wo ist das Verbandszeug?'
    const texts = ['Der Werkzeugkasten ist im Keller.', 'Der Verbandskasten ist im Schrank.']
    const passages = texts.map((text, i) => ({ number: i + 1, title: 'Haus', text }))
    const { scored } = rankSentences({ question, passages, termWeights: new Map() }, createLexicon())
    expect(scored.map(({ number }) => number)).toEqual([2, 1])
  })

  it('finds the noun of a verb, the other English for a thing, and an amount within a range', async () => {
    const rest = 'The weather was fine.'
    expect(await quote('Who abstained?', ['Vote', `${rest} One abstention (Ida Berg).`])).toContain(
      'Ida Berg',
    )
    expect(
      await quote('Who borrowed the wrench?', ['Tools', `${rest} Ida Berg borrowed a spanner.`]),
    ).toContain('spanner')
    const graded = (length: string) =>
      rankSentences(
        {
          question: `pass ${length}`,
          passages: [{ number: 1, title: 'Test', text: 'Pass: 18 to 22 m of range.' }],
          termWeights: new Map(),
        },
        createLexicon(),
      ).scored[0]?.coverage
    expect(graded('20 m')).toBe(1)
    expect(graded('23 m')).toBeLessThan(1)
  })

  it('prefers a bare number to an amount where a number is asked for', async () => {
    const quoted = await quote(
      'What is the phone number of the old workshop in the valley?',
      ['Rules', 'The phone of the old workshop in the valley rings for 30 minutes.'],
      ['List', 'The phone of the old workshop in the valley is 5501234.'],
    )
    expect(quoted.split('\n')[0]).toContain('5501234')
  })

  it('quotes nothing that only repeats the question', async () => {
    const passage = ['House', 'The heat pump.\n\nThe pump for heat was installed in 2021.'] as const
    expect(await quote('When was the heat pump installed?', passage)).toBe(
      'The pump for heat was installed in 2021. [1]',
    )
  })

  it('reads a row that begins with a date as a row, not as the header of a mail', async () => {
    const row = 'Date: 2023-03-12 | Snow depth: 158 cm | Remark: gusts'
    expect(await quote('snow depth on 12 March 2023', ['Griesalm', row])).toMatch(/158 cm/)
  })

  it('refuses where no passage has much of the question and none is ahead of the others', async () => {
    const near = (name: string) => [name, `The lift of the ${name} is closed.`] as const
    const question = 'Who built the lift beside the reservoir of the observatory?'
    expect(await quote(question, near('mill'), near('barn'))).toBe(NOT_IN_PASSAGES)
  })

  it('refuses to count what no passage names', async () => {
    const office = ['Office', 'The office is open from 9 to 12 on Monday.'] as const
    expect(await quote('How many parking spaces does the office have?', office)).toBe(NOT_IN_PASSAGES)
  })

  it('quotes of rows that carry the names of their columns the one that answers, and nothing of the row above', async () => {
    const rows = ['Date: 2023-03-11 | Snow depth: 161 cm', 'Date: 2023-03-12 | Snow depth: 158 cm']
    expect(await quote('snow depth on 12 March 2023', ['Griesalm', rows.join('\n')])).toBe(
      'Date: 2023-03-12; Snow depth: 158 cm. [1]',
    )
  })

  it('quotes no question and no header of a mail', async () => {
    const asked = [
      'Mail',
      'Subject: the heat pump\n\nWho mends the heat pump?\n\nIda mends the heat pump.',
    ] as const
    expect(await quote('heat pump', asked)).toBe('Ida mends the heat pump. [1]')
  })

  it('takes off the marks of lists, tables and emphasis, and ends a sentence that has no end', async () => {
    expect(await quote('heat pump', ['House', '- the **heat pump** is `red`\n- bread'])).toBe(
      'the heat pump is red. [1]',
    )
    const table = '| device | colour |\n| --- | --- |\n| heat pump | red |\n'
    expect(await quote('heat pump', ['House', table])).toBe('device: heat pump; colour: red. [1]')
  })

  it('cuts what is too long at a word', async () => {
    const answer = await quote('heat pump', ['House', `The heat pump ${'goes on and on '.repeat(60)}`])
    expect(answer.length).toBeLessThan(420)
    expect(answer).toMatch(/ (goes|on|and) …\.? \[1\]$/)
  })
})
