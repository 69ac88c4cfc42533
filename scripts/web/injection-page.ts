/**
 * The outputs of `npm run injection` in the page, in a Chromium of the system (`CHROMIUM_PATH`, default /usr/bin/chromium):
 *
 *     npm run injection:page [-- --outputs 1000]
 *
 * Each is asked for whole and cut at every token, and drawn at every piece. Counted are elements, handlers and addresses that
 * the page does not make itself, also those that come and go while an answer is written, requests to other hosts, and what
 * `npm run injection` counts. Prints the counts and exits with 1 when there is any. Needs the built program.
 */
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { foreignParts } from '../../test/browser/foreign-parts.js'
import { plantedOutputs } from '../../test/helpers/planted-outputs.js'
import { FOREIGN_HOST } from '../../test/helpers/planted-texts.js'
import { CUTS, QUESTION, reportFaults, type SeenCitation, serveObedient } from '../http/serve-obedient.js'

/** A conversation gets slower to draw as it grows. */
const ANSWERS_OF_A_PAGE = 50
/** Of `src/web/ask/follow-answer.ts`: between two drawings of a text that is being written. */
const DRAW_EVERY_MS = 40

const { values } = parseArgs({ options: { outputs: { type: 'string', default: '1000' } } })
const faults: string[] = []

async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
  page.on('pageerror', ({ message }) => faults.push(`thrown: ${message}`))
  page.on('dialog', (dialog) => {
    faults.push('dialog')
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted/i.test(message.text())) faults.push('broken policy')
  })
  page.context().on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) faults.push('request to another host')
  })
  page.context().on('page', (other) => {
    if (other !== page) faults.push('another window')
  })
  await page.addInitScript((drawEveryMs) => {
    const set = window.setTimeout
    const setSooner = (call: () => void, ms?: number) => set(call, ms === drawEveryMs ? 0 : ms)
    Object.assign(window, { setTimeout: setSooner })
  }, DRAW_EVERY_MS)
  await page.goto(`${url}/#/ask`)
  await page.locator('textarea').waitFor()
  await page.evaluate(foreignParts, FOREIGN_HOST)
  return page
}

/** The last answer as it stands in the page. */
async function readAnswer(page: Page): Promise<{ texts: string[]; citations: SeenCitation[] }> {
  return page
    .locator('.exchange')
    .last()
    .evaluate((exchange) => {
      const markers = [...exchange.querySelectorAll<HTMLElement>('.answer .marker')]
      const cited = [...exchange.querySelectorAll('.sources > li')].map((item) => {
        const number = item.querySelector<HTMLElement>('.source-number')
        return {
          marker: Number(number?.textContent),
          verified: number?.dataset.verified === 'true',
          quote: item.querySelector('.source-quote')?.textContent ?? '',
        }
      })
      return {
        texts: [...exchange.querySelectorAll<HTMLElement>('.answer, .answer-foot')].map(
          (part) => part.innerText,
        ),
        citations: [
          ...cited,
          ...markers.map((each) => ({ marker: Number(each.textContent), verified: false, quote: '' })),
        ],
      }
    })
}

const service = await serveObedient()
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  // As root Chromium cannot start its sandbox; the page is our own.
  args: ['--no-sandbox', '--disable-gpu'],
})
const outputs = plantedOutputs(Number(values.outputs))
let page: Page | undefined
let asked = 0
for (const output of outputs)
  for (const cut of CUTS) {
    const nth = asked++ % ANSWERS_OF_A_PAGE
    if (nth === 0) {
      await page?.close()
      page = await openPage(browser, service.url)
    }
    if (page === undefined) break
    service.tell(output, cut)
    await page.locator('textarea').fill(QUESTION)
    await page.locator('textarea').press('Enter')
    await page.locator('.exchange').nth(nth).locator('.answer-foot').waitFor()
    const foreign = await page.evaluate(foreignParts, FOREIGN_HOST)
    const found = [...foreign, ...service.faultsOf(await readAnswer(page))]
    if (found.length > 0) console.log(JSON.stringify({ output: output.text, found }))
    faults.push(...found)
  }
await browser.close()
await service.close()
reportFaults(
  `${outputs.length} outputs, each whole and cut at every token: ${asked} answers in the page`,
  faults,
)
