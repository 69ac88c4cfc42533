import { describe, expect, inject, it } from 'vitest'
import { useBrowser } from './open-browser.js'

const open = useBrowser()
const url = inject('sampleUrl')
const search = (query: string) => `${url}/#/search?q=${encodeURIComponent(query)}`
const BOX = '[data-search]'

describe('the first view', () => {
  it('is usable within a second, without a word of an error', async () => {
    const page = await open(url)
    await page.locator(BOX).waitFor()
    const { readyMs, scripts } = await page.evaluate(() => ({
      readyMs: performance.now(),
      scripts: performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).length,
    }))
    expect(scripts).toBe(1)
    // Far from its limit: this only sees to it that nothing is waited for that takes seconds.
    expect(readyMs).toBeLessThan(5_000)
    await page
      .getByText('61 documents')
      .or(page.getByText(/\d+ documents in 8 collections/))
      .waitFor()
    expect(await page.title()).toBe('Search · gemdex')
  })
})

describe('searching', () => {
  it('finds while somebody types, asks once for what was typed quickly, and keeps the query in the address', async () => {
    const page = await open(url)
    const asked: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/v1/search')) asked.push(request.postDataJSON().query)
    })
    await page.locator(BOX).pressSequentially('annual leave', { delay: 5 })
    await page.locator('.hit').first().waitFor()
    await page.waitForFunction(() => location.hash === '#/search?q=annual+leave')
    expect(asked.at(-1)).toBe('annual leave')
    expect(asked.length).toBeLessThan(6)
    await expect.poll(() => page.locator('.hit-title').first().innerText()).toBe('Working hours and leave')
    await page.locator('.results[aria-busy="false"]').waitFor()
    expect(await page.locator('.hit mark').first().innerText()).toBe('Annual')
    expect(await page.locator('.hit-place').first().innerText()).toContain('lines 19–23')
  })

  it('narrows down by filters with counts, and widens again', async () => {
    const page = await open(search('snow'))
    const markdown = page.getByLabel('Markdown')
    const counted = await page
      .locator('.filter-choice', { has: markdown })
      .locator('.filter-count')
      .innerText()
    await markdown.check()
    await page.waitForFunction(() => location.hash.includes('type=text%2Fmarkdown'))
    await page
      .getByRole('status')
      .filter({ hasText: `${counted} documents` })
      .waitFor()
    // The other types can still be chosen in its place.
    expect(await page.getByLabel('HTML').count()).toBe(1)
    await page.getByLabel('handbook').check()
    await page.waitForFunction(() => location.hash.includes('collection=handbook'))
    await page.locator('.results[aria-busy="false"]').waitFor()
    for (const place of await page.locator('.hit-place').allInnerTexts())
      expect(place).toMatch(/^handbook \//)
    await page.getByRole('button', { name: 'Clear all' }).click()
    await page.waitForFunction(() => location.hash === '#/search?q=snow')
  })

  it('filters by year and by day', async () => {
    const page = await open(search('snow'))
    await page.locator('.filter-choice', { hasText: /^2023/ }).click()
    await page.waitForFunction(() => location.hash.includes('since=2023&until=2023'))
    await page.getByLabel('From').fill('2023-06-01')
    await page.waitForFunction(() => location.hash.includes('since=2023-06-01'))
  })

  it('compares by words alone when told so, and says how a hit was found', async () => {
    const page = await open(search('annual leave'))
    await page.getByRole('radio', { name: 'Words' }).check()
    await page.waitForFunction(() => location.hash.includes('mode=keyword'))
    await page.getByRole('button', { name: 'Why this result?' }).first().click()
    const explanation = page.locator('.explanation')
    await explanation.waitFor()
    expect(await explanation.innerText()).toMatch(/rank 1 \(BM25/)
    expect(await explanation.innerText()).toMatch(/Vectors\s+not among the best/)
  })

  it('shows more when asked, up to what there is', async () => {
    const page = await open(search('the'))
    await page.locator('.hit').first().waitFor()
    expect(await page.locator('.hit').count()).toBe(10)
    await page.getByRole('button', { name: 'More results' }).click()
    await page.locator('.hit').nth(15).waitFor()
  })

  it('suggests how the query may go on', async () => {
    const page = await open(search('batt'))
    await page.getByRole('list', { name: 'Suggestions' }).getByRole('button').first().click()
    await page.waitForFunction(() => location.hash.toLowerCase().includes('batter'))
    await page.locator('.hit').first().waitFor()
  })

  it('says what to do when nothing is found', async () => {
    const page = await open(`${search('annual leave')}&collection=nowhere`)
    await page.getByRole('heading', { name: 'Nothing found' }).waitFor()
    await page.getByRole('link', { name: 'Search without filters' }).click()
    await page.locator('.hit').first().waitFor()
    await page.locator(BOX).fill('qqqzzzxxx')
    await page.getByText('Try other or fewer words').waitFor()
  })
})

describe('going back', () => {
  it('shows what was there, where it was, without asking again', async () => {
    const page = await open(search('snow'))
    await page.locator('.hit').nth(9).waitFor()
    await page.locator('[data-hit]').nth(7).scrollIntoViewIfNeeded()
    const before = await page.evaluate(() => scrollY)
    expect(before).toBeGreaterThan(100)
    await page.locator('[data-hit]').nth(7).click()
    await page.locator('.reader').waitFor()
    let asked = 0
    page.on('request', (request) => {
      if (request.url().endsWith('/v1/search')) asked++
    })
    await page.goBack()
    await page.locator('.hit').nth(9).waitFor()
    expect(asked).toBe(0)
    expect(await page.evaluate(() => scrollY)).toBeCloseTo(before, -1)
  })

  it('takes steps back through filters and queries', async () => {
    const page = await open(search('snow'))
    await page.getByLabel('Markdown').check()
    await page.locator(BOX).fill('battery')
    await page.locator(BOX).press('Enter')
    await page.waitForFunction(() => location.hash.includes('q=battery'))
    await page.goBack()
    await page.waitForFunction(() => location.hash.includes('q=snow'))
    // The page follows its address with the next drawing.
    await expect.poll(() => page.locator(BOX).inputValue()).toBe('snow')
    await expect.poll(() => page.getByLabel('Markdown').isChecked()).toBe(true)
    await page.goBack()
    await page.waitForFunction(() => !location.hash.includes('type='))
    await expect.poll(() => page.getByLabel('Markdown').isChecked()).toBe(false)
  })
})

describe('a document', () => {
  it('opens at the passage, with its outline and its likes', async () => {
    const page = await open(search('annual leave'))
    await page.locator('[data-hit]').first().click()
    const passage = page.locator('.in-passage').first()
    await passage.waitFor()
    expect(await page.locator('.in-passage').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('27 working days')]),
    )
    expect(
      await passage.evaluate((element) => {
        const { top, bottom } = element.getBoundingClientRect()
        return top >= 0 && bottom <= innerHeight
      }),
    ).toBe(true)
    await page.getByRole('navigation', { name: 'Outline' }).getByText('Special days').click()
    await page.getByRole('heading', { name: 'Special days' }).waitFor()
    const similar = page.getByRole('complementary', { name: 'Similar documents' }).getByRole('link')
    await similar.first().waitFor()
    await similar.first().click()
    await page.waitForFunction(() => !location.hash.includes('passage'))
    await page.locator('.reader h1').waitFor()
  })

  it('marks its pages, and draws tables as tables', async () => {
    const page = await open(search('Winter report 2023-24 largest depth'))
    await page.getByLabel('PDF').check()
    await page.locator('[data-hit]', { hasText: 'Winter' }).first().click()
    await page.getByText('Page 3', { exact: true }).waitFor()
    expect(await page.locator('.block-table th').allInnerTexts()).toContain('Station')
  })

  it('says when there is none', async () => {
    const page = await open(`${url}/#/document/0000000000000000`)
    await page.getByRole('alert').getByText('There is no document').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('alert').waitFor()
  })
})
