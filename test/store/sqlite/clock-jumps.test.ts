import { expect, test } from 'vitest'
import { CLOCK_JUMPS } from '../../helpers/clock-jumps.js'
import { axis, foundByKeywords, openPrepared, putDocument, putVectors } from '../samples.js'
import { checkSound } from './check-sound.js'
import { openTempStore, tempPath } from './temp-store.js'

test.each(CLOCK_JUMPS)(
  'a clock that jumps by %i ms between two writes loses and hides nothing',
  async (jumpMs) => {
    let nowMs = Date.UTC(2026, 10, 26)
    const path = tempPath()
    const store = openTempStore(path, { now: () => nowMs })
    await openPrepared(() => store)
    const turn = {
      question: 'q',
      standaloneQuestion: 'q',
      status: 'answered',
      answer: 'a',
      citations: [],
      unsupported: [],
      sources: [],
      model: 'm',
      terms: 'q',
    } as const
    const write = async (name: string) => {
      await putVectors(store, { [name]: axis(0) })
      await putDocument(store, name, { passages: [{ text: `word${name}`, embedding: name }] })
      await store.sessions.appendTurn(name, turn, name)
      await store.sessions.appendTurn('both', turn, 'both')
      await store.keys.addKey({
        id: name,
        name,
        hash: Buffer.alloc(32, name),
        scopes: ['read'],
        origin: 'index',
        createdMs: nowMs,
      })
      await store.keys.noteUse(name, nowMs)
    }
    await write('a')
    nowMs += jumpMs
    await write('b')
    expect(await foundByKeywords(store, 'worda', 'wordb')).toHaveLength(2)
    const { items } = await store.sessions.listSessions({ limit: 10 })
    expect(items.map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'both'])
    // Turns are in the order in which they were said, whatever the clock said.
    expect((await store.sessions.getSession('both'))?.turns.map(({ ordinal }) => ordinal)).toEqual([1, 2])
    expect((await store.keys.listKeys()).map(({ id, lastUsedMs }) => [id, lastUsedMs])).toEqual(
      expect.arrayContaining([['b', nowMs]]),
    )
    const pages = []
    for (let after: string | undefined; ; ) {
      const page = await store.sessions.listSessions({ limit: 1, ...(after === undefined ? {} : { after }) })
      pages.push(...page.items)
      if (page.next === undefined) break
      after = page.next
    }
    expect(pages).toHaveLength(3)
    await store.close()
    checkSound(path)
  },
)
