import { describe, expect, test } from 'vitest'
import type { Gap, GapStore } from '../../src/corpus/gaps/gap-store.js'

const MONDAY = '2026-11-23'
const TUESDAY = '2026-11-24'

const refused = (question: string, day = MONDAY): Gap => ({ question, day, outcome: 'refused' })
const nothing = (question: string, day = MONDAY): Gap => ({ question, day, outcome: 'nothing' })

/** What every store of questions that were not answered promises. `openStore` gives a new one. */
export function describeGapStore(name: string, openStore: () => GapStore): void {
  async function keep(gaps: readonly Gap[], most = 100): Promise<GapStore> {
    const store = openStore()
    for (const gap of gaps) await store.addGap(gap, most)
    return store
  }
  const questionsOf = async (store: GapStore) =>
    (await store.listGaps()).map(({ question, asked }) => `${asked} ${question}`)

  describe(`gap store: ${name}`, () => {
    test('counts questions by day and by how they failed, the newest first', async () => {
      const store = await keep([
        refused('Where is the pool?'),
        refused('Where is the POOL?'),
        nothing('pool'),
        refused('Where is the pool?', TUESDAY),
      ])
      expect(await store.listGaps()).toEqual([
        { ...refused('Where is the pool?', TUESDAY), asked: 1 },
        { ...nothing('pool'), asked: 1 },
        { ...refused('Where is the pool?'), asked: 2 },
      ])
      expect(await store.countGaps()).toBe(2)
    })

    test('takes searches that continue one another for one, as somebody types or deletes', async () => {
      const typed = ['vi', 'visa', 'Visa Japan', 'visa jap'].map((query) => nothing(query))
      const store = await keep([...typed, nothing('vi', TUESDAY), refused('visa'), nothing('%')])
      expect(await questionsOf(store)).toEqual(['1 vi', '1 %', '1 visa', '1 Visa Japan'])
    })

    test('keeps a search that was made twice although a longer one follows', async () => {
      expect(await questionsOf(await keep(['visa', 'visa', 'visa Japan'].map((q) => nothing(q))))).toEqual([
        '1 visa Japan',
        '2 visa',
      ])
    })

    test('drops the oldest days above a number', async () => {
      const asked = [refused('a', TUESDAY), refused('b'), refused('c'), refused('d', TUESDAY)]
      expect(await questionsOf(await keep(asked, 3))).toEqual(['1 d', '1 a', '1 c'])
    })

    test('forgets one question, of all days, or all', async () => {
      const store = await keep([refused('a'), refused('A', TUESDAY), nothing('b'), refused('c')])
      expect(await store.removeGaps('a')).toBe(1)
      expect(await store.removeGaps('a')).toBe(0)
      expect(await questionsOf(store)).toEqual(['1 c', '1 b'])
      expect(await store.removeGaps()).toBe(2)
      expect(await store.listGaps()).toEqual([])
    })
  })
}
