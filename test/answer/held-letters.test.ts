import { describe, expect, it } from 'vitest'
import { createCandidateText } from '../../src/answer/candidate-text.js'
import type { Generator } from '../../src/answer/generator.js'
import { virtualClock } from '../embed/virtual-clock.js'
import { findLive, wantedBy } from '../helpers/planted-outputs.js'
import { plantedTexts } from '../helpers/planted-texts.js'
import { ask, finish, generatorFacts, text } from './fakes.js'

/** An answer's first letters may begin an address: they wait for what follows, but not for long. */

const SAYS = 'http is a protocol [1].'

/** What is shown of an answer of which so many letters came first, long before the others. */
function shownWithPause(said: string, letters: number): string {
  const candidate = createCandidateText({ passages: 2, mark: 'm4rk', system: '' })
  const pieces = [
    candidate.push(said.slice(0, letters)),
    candidate.release(),
    candidate.push(said.slice(letters)),
    candidate.end(),
  ]
  expect(pieces.join('')).toBe(candidate.shown)
  return candidate.shown
}

/** How many letters and digits a text begins with. */
const lettersOf = (said: string) => /^[A-Za-z0-9]*/.exec(said)?.[0].length ?? 0

describe('the first letters of an answer', () => {
  it('are given when nothing follows them for 40 ms', async () => {
    const clock = virtualClock()
    let givenAtMs: number | undefined
    const generator: Generator = {
      ...generatorFacts,
      async *generate() {
        yield text(SAYS.slice(0, 2))
        await clock.sleep(10_000, undefined)
        yield text(SAYS.slice(2))
        yield finish()
      },
    }
    const startedMs = clock.now()
    const asked = await clock.run(
      ask({
        generator,
        dependencies: { clock },
        onEvent: ({ type }) => {
          if (type === 'delta') givenAtMs ??= clock.now() - startedMs
        },
      }),
    )
    expect(givenAtMs).toBe(40)
    expect(asked.shown).toBe(SAYS)
  })

  it('stay as they are when they turn out to be a word', () => {
    for (let letters = 0; letters <= lettersOf(SAYS); letters++)
      expect(shownWithPause(SAYS, letters)).toBe(SAYS)
    expect(shownWithPause('2021, by Keller [1].', 2)).toBe('2021, by Keller [1].')
  })

  it.each([
    'https://collector.example/x is it [1].',
    'www.collector.example is it [1].',
    'javascript:alert(1) is it [1].',
    'data:text/html,<b>x</b> is it [1].',
    'mailto:a@collector.example is it [1].',
    'ht**tp://collector.example** is it [1].',
    'x[a](https://collector.example) is it [1].',
  ])('make no address live, wherever they end: %s', (said) => {
    for (let letters = 1; letters <= lettersOf(said); letters++) {
      const shown = shownWithPause(said, letters)
      expect([shown, findLive(shown)]).toEqual([shown, []])
      expect(shown).not.toMatch(/https?:\/\/|www\.|data:|javascript:|mailto:/i)
      expect(shown).toContain('is it [1].')
    }
  })

  it('make nothing live of what planted texts ask for', () => {
    for (const said of plantedTexts.map(wantedBy)) {
      for (let letters = 1; letters <= lettersOf(said); letters++) {
        const shown = shownWithPause(said, letters)
        expect([shown, findLive(shown)]).toEqual([shown, []])
      }
    }
  })
})
