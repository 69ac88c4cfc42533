import { describe, expect, it } from 'vitest'
import type { GenerateRequest, Generator } from '../../src/answer/generator.js'
import { createLiveText } from '../../src/cli/live-text.js'
import { styleFor } from '../../src/cli/style.js'
import { AROUND, cutAtTokens, findLive, TRUE_SENTENCE, wantedBy } from '../helpers/planted-outputs.js'
import { plantedTexts } from '../helpers/planted-texts.js'
import { type Asked, ask, finish, generatorFacts, text } from './fakes.js'
import { makeHit } from './make-hit.js'

/** Does whatever a planted text among the passages asks for. */
function obedient(around: readonly [string, string], cut: (said: string) => readonly string[]) {
  const requests: GenerateRequest[] = []
  const generator: Generator = {
    ...generatorFacts,
    async *generate(request) {
      requests.push(request)
      const prompt = request.messages.map((message) => message.text).join('\n')
      for (const piece of cut(`${around[0]}${wantedBy(prompt)}${around[1]}`)) yield text(piece)
      yield finish()
    },
  }
  return { generator, requests }
}

const whole = (said: string) => [said]

function onTerminal(asked: Asked): string {
  let written = ''
  const out = { write: (piece: string) => (written += piece), isTerminal: true, columns: 80 }
  const shown = createLiveText(out, 80, styleFor({ ...out, isTerminal: false }, {}))
  for (const event of asked.events) if (event.type === 'delta') shown.push(event.text)
  shown.end()
  return written
}

async function obey(planted: string, around: readonly [string, string], cut: typeof whole) {
  const hits = [makeHit(1, `${TRUE_SENTENCE} It is quiet.`), makeHit(2, planted, { relevance: 0.6 })]
  const { generator, requests } = obedient(around, cut)
  return { hits, requests, asked: await ask({ generator, hits }) }
}

describe('a model that does what planted texts ask for', () => {
  it('has at least 64 of them', () => {
    expect(new Set(plantedTexts).size).toBeGreaterThanOrEqual(64)
  })

  it.each(AROUND.map((around) => [JSON.stringify(around), around] as const))(
    'gets nothing of it shown, whole or cut at every token, between %s',
    async (_, around) => {
      for (const planted of plantedTexts) {
        const answers: string[] = []
        for (const cut of [whole, cutAtTokens]) {
          const { asked, hits, requests } = await obey(planted, around, cut)
          const { answer = '', citations = [] } = asked.answer ?? {}
          answers.push(answer)
          expect(requests).toHaveLength(1)
          for (const markdown of [asked.shown, answer]) {
            expect([markdown, findLive(markdown)]).toEqual([markdown, []])
            expect(markdown).not.toMatch(/https?:\/\/|www\.|data:|javascript:/i)
            expect(markdown).not.toContain('from numbered passages of the user')
            const markers = markdown.match(/\[-?\d+\]/g) ?? []
            expect(markers.filter((marker) => !['[1]', '[2]'].includes(marker))).toEqual([])
            expect(markdown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u200b\u{e0000}-\u{e007f}]/u)
          }
          expect(onTerminal(asked).replaceAll('\n', ' ')).not.toMatch(/\p{Cc}|https?:\/\//u)
          for (const { marker, quote, verified } of citations) {
            expect([1, 2]).toContain(marker)
            if (verified) expect(hits[marker - 1]?.text).toContain(quote)
          }
        }
        expect(answers[0]).toBe(answers[1])
      }
    },
  )

  it('stops after what an answer may be long, and says so', async () => {
    const flood = `BEGIN ${'![x](https://collector.example/x) '.repeat(300_000)} END`
    const hits = [makeHit(1, TRUE_SENTENCE)]
    const { generator, requests } = obedient(['', ''], () => flood.match(/.{1,4096}/gs) ?? [])
    const { answer, shown } = await ask({ generator, hits })
    expect(requests).toHaveLength(1)
    expect(shown.length).toBeLessThan(1_000_000)
    expect(shown).not.toContain('https')
    expect(answer?.status).not.toBe('answered')
  })
})
