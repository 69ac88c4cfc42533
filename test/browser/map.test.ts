import { expect, inject, it } from 'vitest'
import type { TopicsReport } from '../../src/engine.js'
import type { CorpusMap } from '../../src/types.js'
import { useBrowser, type WatchedPage } from './open-browser.js'

const open = useBrowser()
const url = inject('sampleUrl')

/** Where a document is drawn on the page. */
async function placeOf(
  page: WatchedPage,
  title: string,
): Promise<{ readonly x: number; readonly y: number }> {
  const { points } = (await (await fetch(`${url}/v1/map`)).json()) as CorpusMap
  const point = points.find((each) => each.title === title)
  const box = await page.locator('.map-stage').boundingBox()
  if (point === undefined || box === null) throw new Error(`"${title}" is not on the map`)
  const scale = (0.92 * Math.min(box.width, box.height)) / 2
  return { x: box.x + box.width / 2 + point.x * scale, y: box.y + box.height / 2 + point.y * scale }
}

/** Pixels that are not empty. */
const inked = (page: WatchedPage) =>
  page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
    let count = 0
    for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 0) > 0) count++
    return count
  })

it('draws the documents, names the one under the pointer and opens it', async () => {
  const page = await open(`${url}/#/map`)
  await page.locator('.legend .chip').first().waitFor()
  await expect.poll(() => inked(page)).toBeGreaterThan(500)
  const picture = () => page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL())
  const light = await picture()
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(picture).not.toBe(light)
  await page.emulateMedia({ colorScheme: 'light' })
  await expect.poll(picture).toBe(light)
  const { x, y } = await placeOf(page, 'Expenses and travel')
  await page.mouse.move(x, y)
  await page.locator('.map-label', { hasText: 'Expenses and travel' }).waitFor()
  await page.mouse.click(x, y)
  await page.locator('.reader h1', { hasText: 'Expenses and travel' }).waitFor()
})

it('names what the regions of the map are about, without one name over another', async () => {
  const page = await open(`${url}/#/map`)
  const topics = page.locator('.map-topics li:not(.is-hidden)')
  await topics.first().waitFor()
  const { topics: known } = (await (await fetch(`${url}/v1/topics`)).json()) as TopicsReport
  const titles = await topics.allTextContents()
  expect(known.map(({ title }) => title)).toEqual(expect.arrayContaining(titles))
  const boxes = await topics.evaluateAll((items) =>
    items.map((item) => {
      const { left, right, top, bottom } = item.getBoundingClientRect()
      return { left, right, top, bottom }
    }),
  )
  for (const [i, a] of boxes.entries())
    for (const b of boxes.slice(i + 1))
      expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top).toBe(true)
})

it('lights up what a search finds, and keeps it in the address', async () => {
  const page = await open(`${url}/#/map`)
  await page.locator('[data-search]').fill('avalanche')
  await page.getByText(/\d+ lit up/).waitFor()
  await page.waitForFunction(() => location.hash === '#/map?q=avalanche')
  await page.getByRole('radio', { name: 'By type' }).check()
  await page
    .locator('.legend')
    .getByRole('button', { name: /Markdown/ })
    .waitFor()
})

it('hides a colour, moves and zooms', async () => {
  const page = await open(`${url}/#/map`)
  await page.locator('.map-topics li').first().waitFor()
  const all = await inked(page)
  await page.locator('.legend .chip').first().click()
  await expect.poll(() => inked(page)).toBeLessThan(all)
  await page.locator('.legend .chip').first().click()
  await expect.poll(() => inked(page)).toBe(all)
  const { x, y } = await placeOf(page, 'Glossary')
  await page.mouse.move(x, y)
  await page.mouse.wheel(0, -400)
  // What the pointer is on stays there.
  await page.mouse.move(x + 1, y)
  await page.locator('.map-label', { hasText: 'Glossary' }).waitFor()
  await page.mouse.down()
  await page.mouse.move(x - 60, y - 40, { steps: 4 })
  await page.mouse.up()
  expect(await page.locator('.map-view').count()).toBe(1)
  await page.mouse.move(x - 60, y - 39)
  await page.locator('.map-label', { hasText: 'Glossary' }).waitFor()
  await page.getByRole('button', { name: 'All' }).click()
  await expect.poll(() => inked(page)).toBe(all)
})
