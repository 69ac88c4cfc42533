import { describe, expect, test } from 'vitest'
import type { Gap, GapOutcome } from '../../../src/corpus/gaps/gap-store.js'
import { groupGaps } from '../../../src/corpus/gaps/group-gaps.js'
import { openTempStore } from '../../store/sqlite/temp-store.js'

async function storeOf(gaps: readonly Gap[]) {
  const { gaps: store } = openTempStore()
  for (const gap of gaps) await store.addGap(gap, 1000)
  return store
}

const gap = (question: string, day = '2026-11-24', outcome: GapOutcome = 'refused'): Gap => ({
  question,
  day,
  outcome,
})

describe('questions that were not answered', () => {
  test('are none where none were kept', async () => {
    expect(await groupGaps(await storeOf([]), false)).toEqual({
      keeping: false,
      questions: 0,
      asked: 0,
      topics: [],
    })
  })

  test('are told apart as the store does, so that what is listed is what can be forgotten', async () => {
    const store = await storeOf([
      gap('Ärger mit der Pumpe'),
      gap('ärger mit der PUMPE'),
      gap('Ärger mit der pumpe'),
    ])
    const { questions, topics } = await groupGaps(store, true)
    expect(questions).toBe(await store.countGaps())
    for (const { question } of topics.flatMap((topic) => topic.questions))
      expect(await store.removeGaps(question)).toBe(1)
    expect(await store.countGaps()).toBe(0)
  })

  test('are one list while there are few, the most asked first, with their days', async () => {
    const store = await storeOf([
      gap('Where is the pool?', '2026-11-02'),
      gap('where is the POOL?', '2026-11-24', 'nothing'),
      gap('Who won?', '2026-11-23'),
    ])
    expect(await groupGaps(store, true)).toEqual({
      keeping: true,
      questions: 2,
      asked: 3,
      topics: [
        {
          title: null,
          terms: [],
          asked: 3,
          questions: [
            {
              question: 'where is the POOL?',
              asked: 2,
              outcome: 'nothing',
              fromDay: '2026-11-02',
              toDay: '2026-11-24',
            },
            {
              question: 'Who won?',
              asked: 1,
              outcome: 'refused',
              fromDay: '2026-11-23',
              toDay: '2026-11-23',
            },
          ],
        },
      ],
    })
  })

  test('are grouped by what they are about, however they are asked', async () => {
    const forms = ['Where is the', 'What is the', 'How do I change the', 'Who pays for the', 'Is there a']
    const things = [
      ['parking permit', 'parking fee', 'parking garage', 'parking lot', 'parking ticket'],
      ['passport for Japan', 'passport application', 'passport letter', 'passport renewal', 'passport photo'],
      ['printer toner', 'printer driver', 'printer paper', 'printer queue', 'printer password'],
    ]
    const questions = things.flatMap((own, topic) =>
      own.map((thing, i) => `${forms[(i + topic) % forms.length]} ${thing}?`),
    )
    const { topics, asked } = await groupGaps(
      await storeOf([...questions, questions[0] ?? ''].map((q) => gap(q))),
      true,
    )
    expect(asked).toBe(16)
    expect(topics).toHaveLength(3)
    expect(topics[0]).toMatchObject({ asked: 6, title: expect.stringMatching(/^parking/) })
    for (const { terms, questions: own } of topics) {
      expect(own).toHaveLength(5)
      expect(own.every(({ question }) => question.includes(terms[0] ?? '?'))).toBe(true)
    }
  })
})
