import { describe, expect, it } from 'vitest'
import { fakeEngine, hit, searchResult } from '../http/fake-engine.js'
import { useBrowser } from './open-browser.js'
import { useEngine } from './serve-engine.js'

const TEXTS = [
  ['English', 'ltr', 'The heat pump is quiet.'],
  ['العربية', 'rtl', 'المضخة الحرارية هادئة (2021).'],
  ['עברית', 'rtl', 'משאבת החום שקטה, GRI-3.'],
  ['中文', 'ltr', '热泵很安静。'],
  ['한국어', 'ltr', '열펌프는 조용하다.'],
  ['हिन्दी', 'ltr', 'ऊष्मा पंप शांत है।'],
  ['Ελληνικά', 'ltr', 'Η αντλία είναι αθόρυβη.'],
  ['Emoji', 'ltr', '👩🏽‍🔬 e\u0301 ﬁ \u00a0ﷺ'],
] as const

const open = useBrowser()
const hits = TEXTS.map(([title, , snippet], i) => ({
  ...hit,
  id: `${hit.documentId}-${i}`,
  title,
  snippet,
  uri: `${title}.md`,
  highlights: [],
}))
const url = useEngine(fakeEngine({ search: async ({ query }) => ({ ...searchResult, query, hits }) }))

describe('texts of every language', () => {
  it('are shown letter by letter as they are, each in its own direction', async () => {
    const page = await open(`${url()}/#/search?q=${encodeURIComponent('المضخة')}`)
    await page
      .locator('.hit')
      .nth(TEXTS.length - 1)
      .waitFor()
    const shown = await page.locator('.hit').evaluateAll((all) =>
      all.map((each) => {
        const snippet = each.querySelector('.hit-snippet')
        return [
          each.querySelector('[data-hit]')?.textContent,
          snippet === null ? '' : getComputedStyle(snippet).direction,
          snippet?.textContent,
        ]
      }),
    )
    expect(shown).toEqual(TEXTS)
    expect(await page.locator('[data-search]').inputValue()).toBe('المضخة')
    expect(await page.locator('[data-search]').evaluate((input) => getComputedStyle(input).direction)).toBe(
      'rtl',
    )
  })
})
