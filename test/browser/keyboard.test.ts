import { expect, inject, it } from 'vitest'
import { useBrowser } from './open-browser.js'

const open = useBrowser()
const url = inject('sampleUrl')
const focused = () => (document.activeElement as HTMLElement | null)?.dataset

it('a reader without a mouse searches, opens, reads, goes back and asks', async () => {
  const page = await open(`${url}/#/documents`)
  await page.getByRole('heading', { name: 'All documents' }).waitFor()
  await page.keyboard.press('/')
  await page.locator('.search-view').waitFor()
  await page.waitForFunction(() => document.activeElement?.matches('[data-search]'))
  await page.keyboard.type('annual leave')
  // Hits that are on their way would take the place of those that are walked through.
  await page.waitForFunction(() => location.hash === '#/search?q=annual+leave')
  await page.locator('.results[aria-busy="false"] [data-hit]').nth(2).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  expect(await page.evaluate(focused)).toHaveProperty('hit')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  expect(await page.evaluate(focused)).toHaveProperty('search')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.locator('.reader').waitFor()
  expect(await page.evaluate(() => document.activeElement?.className)).toBe('reader')
  await page.keyboard.press('Escape')
  await page.locator('.search-view').waitFor()
  await page.keyboard.press('/')
  await page.waitForFunction(() => document.activeElement?.matches('[data-search]'))
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('[data-search]').inputValue()).toBe('')

  const views = page.getByRole('navigation', { name: 'Views' })
  await views.getByRole('link', { name: 'Ask' }).focus()
  await page.keyboard.press('Enter')
  await page.locator('.ask-view').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('How many days of annual leave are there?')
  await page.keyboard.press('Enter')
  await page.locator('.answer-foot').waitFor()
  await page.locator('a.marker').first().focus()
  await page.keyboard.press('Enter')
  await page.locator('mark.quote').waitFor()
})

it('moves, zooms and opens on the map', async () => {
  const page = await open(`${url}/#/map`)
  const stage = page.locator('.map-stage')
  await stage.focus()
  for (const key of ['+', 'ArrowLeft', 'ArrowUp', '-', '0', 'n', 'n', 'N']) await page.keyboard.press(key)
  const title = await page.locator('.map-label strong').innerText()
  await page.keyboard.press('Enter')
  await page.locator('.reader h1').waitFor()
  expect(await page.locator('.reader h1').innerText()).toBe(title)
})

it('shows where it is: every stop of the Tab key can be seen', async () => {
  const page = await open(`${url}/#/search?q=snow`)
  await page.locator('[data-hit]').first().waitFor()
  for (let stop = 0; stop < 25; stop++) {
    await page.keyboard.press('Tab')
    const seen = await page.evaluate(() => {
      const element = document.activeElement
      if (element === null || element === document.body) return true
      const shown = [
        element,
        element.parentElement,
        element.nextElementSibling,
        element.closest('.search-box'),
      ]
      return shown.some((each) => each != null && getComputedStyle(each).outlineStyle !== 'none')
    })
    expect(seen).toBe(true)
  }
})
