import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { describe, expect, inject, it } from 'vitest'
import { useBrowser, type WatchedPage } from './open-browser.js'

const open = useBrowser()
const url = inject('sampleUrl')
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const LABELS = 'label=people&about=leave,+pay,+work&label=stations&about=weather,+snow,+batteries'

/** Each view with something in it, what tells that it is there, and the button that leads to it. */
const VIEWS: readonly View[] = [
  ['the first view', '#/search', '.overview'],
  ['search', '#/search?q=snow&type=text%2Fmarkdown', '.hit'],
  ['nothing found', '#/search?q=qqqzzzxxx', '.empty'],
  ['a document', '', '.reader .in-passage'],
  ['questions', '', '.answer-foot'],
  ['documents', '#/documents', '.document-list'],
  ['topics', '#/overview/topics', '.topic'],
  ['duplicates', '#/overview/duplicates', '.duplicate-group, .empty'],
  ['what was not answered', '#/overview/gaps', '.empty'],
  ['labels', `#/overview/labels?${LABELS}`, '.label-group li', 'Give labels'],
  ['two texts', '#/overview/compare?first=snow&second=deep+snow', '.similarity-number', 'Compare'],
  ['the map', '#/map?q=snow', '.legend .chip'],
]
type View = readonly [name: string, hash: string, sign: string, button?: string]

async function show(page: WatchedPage, [name, hash, sign, button]: View): Promise<void> {
  if (name === 'a document') {
    await page.goto(`${url}/#/search?q=annual+leave`)
    await page.locator('[data-hit]').first().click()
  } else if (name === 'questions') {
    await page.goto(`${url}/#/ask`)
    await page.locator('textarea').fill('How many days of annual leave are there?')
    await page.locator('textarea').press('Enter')
  } else await page.goto(`${url}/${hash}`)
  if (button !== undefined) await page.getByRole('button', { name: button }).click()
  await page.locator(sign).first().waitFor()
}

/** What axe-core finds serious or worse. What it finds in order stays in the page: to bring it here takes most of the time. */
async function violations(page: WatchedPage): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(AXE)
  const found = 'axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations)'
  const violations = (await page.evaluate(found)) as AxeResults['violations']
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
}

const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'dark', width: 390 },
  { colorScheme: 'light', width: 390 },
] as const

describe('for everybody', () => {
  it.each(VIEWS.map((view) => ({ name: view[0], view })))(
    'axe-core finds nothing serious on $name, light and dark, wide and narrow',
    async ({ view }) => {
      const page = await open(url, { bypassCSP: true })
      await show(page, view)
      for (const { colorScheme, width } of LOOKS) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 844 })
        expect([colorScheme, width, await violations(page)]).toEqual([colorScheme, width, []])
      }
      expect(await page.locator('h1').count()).toBe(1)
      expect(await page.locator('main').count()).toBe(1)
      expect(await page.title()).toMatch(/ · gemdex$/)
    },
  )
})

describe('on a phone', () => {
  it('nothing is wider than the screen, and views are at the lower edge', async () => {
    const page = await open(url, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
    for (const view of VIEWS) {
      await show(page, view)
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect([view[0], overflow]).toEqual([view[0], 0])
    }
    expect((await page.locator('.map-stage').boundingBox())?.height).toBeGreaterThan(400)
    const navigation = await page.getByRole('navigation', { name: 'Views' }).boundingBox()
    expect((navigation?.y ?? 0) + (navigation?.height ?? 0)).toBe(844)
  })

  it('filters are folded up until they are wanted', async () => {
    const page = await open(`${url}/#/search?q=snow`, { viewport: { width: 390, height: 844 } })
    await page.locator('.hit').first().waitFor()
    expect(await page.getByLabel('Markdown').isVisible()).toBe(false)
    await page
      .getByRole('button', { name: 'Filters' })
      .tap?.()
      .catch(() => undefined)
    if (!(await page.getByLabel('Markdown').isVisible()))
      await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByLabel('Markdown').check()
    await page.getByRole('button', { name: 'Filters (1)' }).waitFor()
  })
})

describe('colours', () => {
  const ground = (page: WatchedPage) => page.evaluate(() => getComputedStyle(document.body).backgroundColor)

  it('are those of the system until others are chosen, which stay', async () => {
    const page = await open(url, { colorScheme: 'dark' })
    await page.locator('.overview').waitFor()
    const dark = await ground(page)
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await ground(page)
    expect(light).not.toBe(dark)
    const choose = page.getByRole('button', { name: /^Colours/ })
    await choose.click()
    await choose.click()
    expect(await ground(page)).toBe(dark)
    await page.reload()
    await page.locator('.overview').waitFor()
    expect(await ground(page)).toBe(dark)
  })

  it('of the API description are those of the system', async () => {
    const page = await open(`${url}/docs`, { colorScheme: 'dark' })
    await page.locator('.opblock').first().waitFor()
    const shown = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
    expect(await shown()).toBe('dark')
    await page.emulateMedia({ colorScheme: 'light' })
    await page.waitForFunction(() => !document.documentElement.classList.contains('dark-mode'))
    expect(await shown()).not.toBe('dark')
  })

  it('nothing moves for those who do not want it', async () => {
    const page = await open(url, { reducedMotion: 'reduce' })
    await page.locator('.overview').waitFor()
    const moving = await page.evaluate(() => document.getAnimations().length)
    expect(moving).toBe(0)
  })
})
