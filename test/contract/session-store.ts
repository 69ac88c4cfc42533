import { describe, expect, test } from 'vitest'
import type { NewTurn, Owned, SessionStore, TurnTerms } from '../../src/sessions/session-store.js'
import type { Store } from '../../src/store/store.js'
import { analyzedText } from '../../src/text/analyze.js'
import type { Citation, Session } from '../../src/types.js'
import { axis, COLLECTION, IDENTITY, makeFile, putDocument, ROOT, unitVector } from '../store/samples.js'

type Stores = Store & { readonly sessions: SessionStore }
export type OpenStores = (options?: { readonly now?: () => number }) => Stores

/** A turn with the terms it is found by. */
export function makeTurn(
  question: string,
  answer: string,
  fields: Partial<NewTurn> = {},
): NewTurn & TurnTerms {
  return {
    question,
    standaloneQuestion: question,
    status: 'answered',
    answer,
    citations: [],
    unsupported: [],
    sources: [],
    model: 'fake',
    terms: analyzedText(`${question}\n${answer}`),
    ...fields,
  }
}

/** A citation of a sentence, wherever that stands in the answer. */
function cite(answer: string, sentence: string, documentId: string, marker = 1): Citation {
  const start = answer.indexOf(sentence)
  if (start < 0) throw new Error(`"${sentence}" is not in the answer`)
  return {
    marker,
    hitId: `${documentId}-0`,
    documentId,
    title: 'T',
    uri: 'u',
    location: { kind: 'lines', start: 1, end: 1 },
    quote: `quote of ${documentId}`,
    verified: true,
    start,
    end: start + sentence.length,
  }
}

/** What every store of conversations promises, beside documents that are removed. `openStores` gives a new one. */
export function describeSessionStore(name: string, openStores: OpenStores): void {
  async function open(now?: () => number): Promise<Stores> {
    const stores = openStores(now === undefined ? {} : { now })
    await stores.adopt(IDENTITY)
    await stores.openCollection(COLLECTION, ROOT)
    return stores
  }

  describe(`session store: ${name}`, () => {
    describe('conversations', () => {
      test('are made, and come back as they are when made again', async () => {
        let clock = 1000
        const { sessions } = await open(() => clock)
        const made = { id: 's', title: 'Pumps', createdMs: 1000, updatedMs: 1000, turns: [] }
        expect(await sessions.openSession('s', 'Pumps')).toEqual(made)
        clock = 2000
        expect(await sessions.openSession('s', 'Other')).toEqual(made)
        expect(await sessions.getSession('s')).toEqual(made)
        expect(await sessions.getSession('t')).toBeUndefined()
      })

      test('belong to their owner: for others they are not there', async () => {
        const { sessions } = await open()
        const [a, b, nobody] = [{ owner: 'a' }, { owner: 'b' }, { owner: null }]
        await sessions.openSession('of-a', 'Heating', a)
        await sessions.appendTurn('of-a', makeTurn('Heat pumps?', 'They are quiet.'), 'x', a)
        await sessions.appendTurn('of-b', makeTurn('Heat of bread?', 'It is baked.'), 'Bread', b)
        await sessions.openSession('of-nobody', 'Boats')
        const idsOf = async (owned: Owned) =>
          (await sessions.listSessions({ limit: 9, ...owned })).items.map(({ id }) => id).toSorted()
        expect(await idsOf(a)).toEqual(['of-a'])
        expect(await idsOf(b)).toEqual(['of-b'])
        expect(await idsOf(nobody)).toEqual(['of-nobody'])
        expect(await idsOf({})).toEqual(['of-a', 'of-b', 'of-nobody'])
        expect(await sessions.listSessions({ limit: 9, ...a })).toMatchObject({ total: 1 })
        expect((await sessions.getSession('of-a', a))?.turns).toHaveLength(1)
        for (const other of [b, nobody]) {
          expect(await sessions.getSession('of-a', other)).toBeUndefined()
          expect(await sessions.renameSession('of-a', 'Mine', other)).toBe(false)
          expect(await sessions.removeSession('of-a', other)).toBe(false)
        }
        const found = await sessions.searchTurnsByTerms(['heat'], 9, a)
        expect(found.map(({ sessionId }) => sessionId)).toEqual(['of-a'])
        expect(await sessions.searchTurnsByTerms(['heat'], 9)).toHaveLength(2)
        expect(await sessions.removeSession('of-a', a)).toBe(true)
      })

      test('are listed by their last turn, in pages, with number of turns and what they used', async () => {
        let clock = 0
        const { sessions } = await open(() => ++clock)
        for (const id of ['a', 'b', 'c']) await sessions.openSession(id, id)
        const usage = { promptTokens: 3, answerTokens: 2, thinkingTokens: 1, totalTokens: 6, priceUsd: 0.25 }
        await sessions.appendTurn('a', makeTurn('q', 'x', { usage }), 'a')
        await sessions.appendTurn('a', makeTurn('q', 'x', { usage }), 'a')
        const first = await sessions.listSessions({ limit: 2 })
        expect(first).toMatchObject({
          items: [
            { id: 'a', turns: 2 },
            { id: 'c', turns: 0 },
          ],
          total: 3,
          next: 'c',
        })
        expect(first.items[0]?.usage).toEqual({
          promptTokens: 6,
          answerTokens: 4,
          thinkingTokens: 2,
          totalTokens: 12,
          priceUsd: 0.5,
        })
        expect(first.items[1]).not.toHaveProperty('usage')
        const second = await sessions.listSessions({ limit: 2, after: 'c' })
        expect(second.items.map(({ id }) => id)).toEqual(['b'])
        expect(second).not.toHaveProperty('next')
      })

      test('of the same time are all on some page', async () => {
        const { sessions } = await open(() => 5)
        const ids = ['e', 'd', 'c', 'b', 'a']
        for (const id of ids) await sessions.openSession(id, '')
        const seen: string[] = []
        for (let after: string | undefined, more = true; more; ) {
          const page = await sessions.listSessions({ limit: 2, ...(after === undefined ? {} : { after }) })
          seen.push(...page.items.map(({ id }) => id))
          after = page.next
          more = after !== undefined
        }
        expect(seen.sort()).toEqual(ids.toReversed())
      })

      test('are renamed and removed; what is not there is told', async () => {
        const { sessions } = await open()
        await sessions.openSession('s', 'Pumps')
        await sessions.appendTurn('s', makeTurn('pumps', 'yes'), 'Pumps')
        expect(await sessions.renameSession('s', 'Heating')).toBe(true)
        expect((await sessions.getSession('s'))?.title).toBe('Heating')
        expect(await sessions.removeSession('s')).toBe(true)
        expect(await sessions.getSession('s')).toBeUndefined()
        expect(await sessions.searchTurnsByTerms(['pump'], 10)).toEqual([])
        expect(await sessions.renameSession('s', 'x')).toBe(false)
        expect(await sessions.removeSession('s')).toBe(false)
      })
    })

    describe('turns', () => {
      test('come back whole and in order', async () => {
        let clock = 0
        const { sessions } = await open(() => ++clock)
        const full: Partial<NewTurn> = {
          standaloneQuestion: 'What did the pump cost?',
          citations: [cite('It cost 5.', 'It cost 5.', 'd1'), cite('It cost 5.', 'It cost 5.', 'd2', 2)],
          unsupported: [{ start: 0, end: 2 }],
          sources: [
            {
              id: 'd1-0',
              documentId: 'd1',
              title: 'T',
              uri: 'u',
              collection: COLLECTION,
              location: { kind: 'slide', n: 3 },
            },
          ],
          reason: 'why',
          finishReason: 'STOP',
          errorCode: 'OFFLINE',
          status: 'failed',
          usage: { promptTokens: 1, answerTokens: 1, thinkingTokens: 0, totalTokens: 2 },
        }
        const turns = [makeTurn('q1', 'It cost 5.', full), makeTurn('q2', '\u{1f600} zwei')]
        for (const turn of turns) await sessions.appendTurn('s', turn, 'First')
        const stored = turns.map(({ terms: _, ...turn }, i) => ({
          ...turn,
          ordinal: i + 1,
          createdMs: expect.any(Number),
        }))
        expect(await sessions.getSession('s')).toMatchObject({ title: 'First', turns: stored })
      })

      test('come after the turn that was the last when they were asked, or not at all', async () => {
        const { sessions } = await open()
        await sessions.appendTurn('s', makeTurn('one', 'a'), 'S', { after: 0 })
        await sessions.appendTurn('s', makeTurn('two', 'b'), 'S', { after: 1 })
        const late = sessions.appendTurn('s', makeTurn('also two', 'c'), 'S', { after: 1 })
        await expect(late).rejects.toMatchObject({ code: 'SESSION_BUSY', retryable: true })
        const ofRemoved = sessions.appendTurn('t', makeTurn('two', 'b'), 'T', { after: 1 })
        await expect(ofRemoved).rejects.toMatchObject({ code: 'SESSION_BUSY' })
        expect((await sessions.getSession('s'))?.turns.map(({ question }) => question)).toEqual([
          'one',
          'two',
        ])
        expect(await sessions.getSession('t')).toBeUndefined()
      })

      test('name a conversation that has no name', async () => {
        const { sessions } = await open()
        await sessions.openSession('s', '')
        await sessions.appendTurn('s', makeTurn('q', 'a'), 'By its question')
        await sessions.appendTurn('s', makeTurn('q', 'a'), 'Later')
        expect((await sessions.getSession('s'))?.title).toBe('By its question')
      })

      test('are found by any of their terms, the better ones first', async () => {
        const { sessions } = await open()
        await sessions.appendTurn('s', makeTurn('Heat pumps?', 'They are quiet.'), 'S')
        await sessions.appendTurn('s', makeTurn('Bread?', 'It is baked, by a heat.'), 'S')
        await sessions.appendTurn('t', makeTurn('Boats?', 'None.'), 'T')
        const found = await sessions.searchTurnsByTerms(['heat', 'pump'], 10)
        expect(found.map(({ sessionId, title, ordinal }) => [sessionId, title, ordinal])).toEqual([
          ['s', 'S', 1],
          ['s', 'S', 2],
        ])
        expect(found[0]).toMatchObject({ question: 'Heat pumps?', answer: 'They are quiet.' })
        expect(found[0]?.score).toBeGreaterThan(found[1]?.score ?? Number.POSITIVE_INFINITY)
        expect(await sessions.searchTurnsByTerms(['heat', 'pump'], 1)).toHaveLength(1)
        expect(await sessions.searchTurnsByTerms([], 10)).toEqual([])
        expect(await sessions.searchTurnsByTerms(['a" OR "x'], 10)).toEqual([])
      })

      test('are found by vector, the nearer ones first, once they have one', async () => {
        const { sessions } = await open()
        await sessions.appendTurn('s', makeTurn('one', ''), 'S')
        await sessions.appendTurn('s', makeTurn('two', ''), 'S')
        expect(await sessions.hasTurnVectors()).toBe(false)
        await sessions.putTurnVectors('s', [
          { ordinal: 1, vector: axis(0) },
          { ordinal: 2, vector: axis(1) },
          { ordinal: 9, vector: axis(2) },
        ])
        await sessions.putTurnVectors('s', [{ ordinal: 2, vector: unitVector(1, 1, 0, 0) }])
        expect(await sessions.hasTurnVectors()).toBe(true)
        expect(await sessions.searchTurnsByVector(axis(1), 10, { owner: 'somebody' })).toEqual([])
        const found = await sessions.searchTurnsByVector(axis(1), 10)
        expect(found.map(({ ordinal }) => ordinal)).toEqual([2, 1])
        expect(found[0]?.score).toBeCloseTo(Math.SQRT1_2)
        await sessions.removeSession('s')
        expect(await sessions.hasTurnVectors()).toBe(false)
      })

      test('have no vectors before anything was indexed', async () => {
        const { sessions } = openStores()
        await sessions.appendTurn('s', makeTurn('one', ''), 'S')
        expect(await sessions.hasTurnVectors()).toBe(false)
        const put = sessions.putTurnVectors('s', [{ ordinal: 1, vector: axis(0) }])
        await expect(put).rejects.toMatchObject({ code: 'STORE_FAILED' })
      })
    })

    describe('a document that is removed', () => {
      const ANSWER = 'The pump is red [1]. Bread is brown [2]. Both are warm [1][2]. They are old.'

      /** Two documents, and a turn that quotes both. */
      async function openQuoting() {
        const stores = await open()
        const pump = await putDocument(stores, 'pump', { passages: [{ text: 'pump' }] })
        const bread = await putDocument(stores, 'bread', { passages: [{ text: 'bread' }] })
        const citations = [
          cite(ANSWER, 'The pump is red [1].', pump),
          cite(ANSWER, 'Bread is brown [2].', bread, 2),
          cite(ANSWER, 'Both are warm [1][2].', pump),
          cite(ANSWER, 'Both are warm [1][2].', bread, 2),
        ]
        const loose = cite(ANSWER, 'They are old.', pump)
        const turn = makeTurn('What about it?', ANSWER, {
          citations,
          unsupported: [{ start: loose.start, end: loose.end }],
        })
        await stores.sessions.appendTurn('s', turn, 'S')
        await stores.sessions.putTurnVectors('s', [{ ordinal: 1, vector: axis(0) }])
        return { stores, pump, bread }
      }

      function expectBlanked(session: Session | undefined, pump: string): void {
        const turn = session?.turns[0]
        const gone = '(removed with its document)'
        expect(turn?.answer).toBe(`${gone} Bread is brown [2]. Both are warm [1][2]. ${gone}`)
        const at = ({ start, end }: { start: number; end: number }) => turn?.answer.slice(start, end)
        expect(turn?.citations.map((citation) => [at(citation), citation.quote === ''])).toEqual([
          [gone, true],
          ['Bread is brown [2].', false],
          ['Both are warm [1][2].', true],
          ['Both are warm [1][2].', false],
        ])
        expect(turn?.unsupported.map(at)).toEqual([gone])
        expect(JSON.stringify(session)).not.toContain(`quote of ${pump}`)
      }

      test('takes its quotes, and the sentences that may rest on it alone, along', async () => {
        const { stores, pump } = await openQuoting()
        await stores.removeFiles(COLLECTION, ['pump'])
        expectBlanked(await stores.sessions.getSession('s'), pump)
        expect(await stores.sessions.searchTurnsByTerms(['red'], 10)).toEqual([])
        expect(await stores.sessions.searchTurnsByTerms(['bread'], 10)).toHaveLength(1)
        expect(await stores.sessions.hasTurnVectors()).toBe(false)
      })

      test('does so as well when it goes with its collection', async () => {
        const { stores, pump } = await openQuoting()
        await stores.removePart({ collection: COLLECTION, folder: 'nothing' }, 9)
        expect(JSON.stringify(await stores.sessions.getSession('s'))).toContain(`quote of ${pump}`)
        await stores.removePart({ collection: COLLECTION }, 9)
        expect(JSON.stringify(await stores.sessions.getSession('s'))).not.toContain('quote of')
      })

      test('does so as well when its file can no longer be read', async () => {
        const { stores, pump } = await openQuoting()
        await stores.recordFile(COLLECTION, makeFile('pump', { outcome: 'skipped', reason: 'PARSE_ERROR' }))
        expectBlanked(await stores.sessions.getSession('s'), pump)
      })

      test('takes along what was said without a citation, though its passages bear it', async () => {
        const { stores, pump, bread } = await openQuoting()
        const answer =
          '## Colours\n\nIt is as red as a fox. The pump is red. [1] It is loud.\n\n2. Bread is brown [2].\n- Nobody knows it.\n'
        const citations = [
          cite(answer, 'The pump is red.', pump),
          cite(answer, 'Bread is brown [2].', bread, 2),
        ]
        await stores.sessions.appendTurn('u', makeTurn('q', answer, { citations }), 'U')
        await stores.removeFiles(COLLECTION, ['pump'])
        const turn = (await stores.sessions.getSession('u'))?.turns[0]
        const gone = '(removed with its document)'
        expect(turn?.answer).toBe(
          `## ${gone}\n\n${gone} ${gone} [1] ${gone}\n\n2. Bread is brown [2].\n- ${gone}\n`,
        )
        expect(turn?.citations.map(({ start, end }) => turn.answer.slice(start, end))).toEqual([
          gone,
          'Bread is brown [2].',
        ])
      })

      test.each([
        { status: 'failed', errorCode: 'OFFLINE' },
        { status: 'truncated', unsupported: [{ start: 0, end: 8 }] },
      ] as const)('leaves nothing of an answer that broke off while it was at hand (%o)', async (broken) => {
        const { stores, pump, bread } = await openQuoting()
        const source = (documentId: string) => ({
          id: `${documentId}-0`,
          documentId,
          title: 'T',
          uri: 'u',
          collection: COLLECTION,
          location: { kind: 'slide', n: 1 } as const,
        })
        await stores.sessions.appendTurn(
          'b',
          makeTurn('q', 'The pump', { ...broken, sources: [source(pump)] }),
          'B',
        )
        await stores.sessions.appendTurn(
          'b',
          makeTurn('q', 'Bread is', { ...broken, sources: [source(bread)] }),
          'B',
        )
        await stores.removeFiles(COLLECTION, ['pump'])
        const session = await stores.sessions.getSession('b')
        expect(session?.turns.map(({ answer }) => answer)).toEqual([
          '(removed with its document)',
          'Bread is',
        ])
      })

      test('that is replaced leaves what was quoted of it', async () => {
        const { stores } = await openQuoting()
        const before = await stores.sessions.getSession('s')
        await putDocument(stores, 'pump', { passages: [{ text: 'another' }] })
        expect(await stores.sessions.getSession('s')).toEqual(before)
      })
    })
  })
}
