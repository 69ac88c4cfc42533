/**
 * Pictures of the page for the documentation, over the sample documents: each view, 1280 and 390 pixels wide, light and dark.
 *
 *     npm run screenshots [<folder>]        default: docs/images
 *
 * Needs the built program and a Chromium (`CHROMIUM_PATH`, default /usr/bin/chromium).
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { startService } from '../http/start-service.js'

const FOLDER = process.argv[2] ?? 'docs/images'
const SAMPLE = 'data/sample'
const QUALITY = 0.82
const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
] as const

type View = { readonly name: string; readonly hash: string; readonly prepare: (page: Page) => Promise<void> }

const seen = (selector: string) => async (page: Page) => page.locator(selector).first().waitFor()

const VIEWS: readonly View[] = [
  { name: 'start', hash: '#/search', prepare: seen('.overview') },
  {
    name: 'search',
    hash: '#/search?q=battery+in+winter',
    async prepare(page) {
      await page.getByRole('button', { name: 'Why this result?' }).first().click()
      await page.locator('.explanation').waitFor()
    },
  },
  {
    name: 'document',
    hash: '#/search?q=annual+leave',
    async prepare(page) {
      await page.locator('[data-hit]').first().click()
      await page.locator('.in-passage').first().waitFor()
      await page.locator('.similar li').first().waitFor()
    },
  },
  {
    name: 'ask',
    hash: '#/ask',
    async prepare(page) {
      for (const question of [
        'How many days of annual leave are there?',
        'What is the duty allowance per week?',
      ]) {
        const before = await page.locator('.answer-foot').count()
        await page.locator('textarea').fill(question)
        await page.locator('textarea').press('Enter')
        await page.locator('.answer-foot').nth(before).waitFor()
      }
      await page.evaluate(() => scrollTo(0, 0))
    },
  },
  { name: 'documents', hash: '#/documents', prepare: seen('.document-list') },
  { name: 'map', hash: '#/map?q=snow', prepare: seen('.map-topics li') },
  { name: 'topics', hash: '#/overview/topics', prepare: seen('.topic') },
  {
    name: 'duplicates',
    hash: '#/overview/duplicates',
    async prepare(page) {
      await page.getByText('What differs').first().click()
      await page.locator('.changes').first().waitFor()
    },
  },
  { name: 'gaps', hash: '#/overview/gaps', prepare: seen('.gap') },
  {
    name: 'labels',
    hash: '#/overview/labels',
    async prepare(page) {
      for (const [i, [name, description, examples]] of LABELS.entries()) {
        if (i > 1) await page.getByRole('button', { name: 'Add a label' }).click()
        const row = page.locator('.label-row').nth(i)
        await row.getByLabel('Name').fill(name)
        await row.getByLabel('Description').fill(description)
        await row.getByLabel('Examples').fill(examples)
      }
      await page.getByRole('button', { name: 'Give labels' }).click()
      await page.locator('.label-group li').first().waitFor()
      await page.evaluate(() => scrollTo(0, 0))
    },
  },
  {
    name: 'compare',
    hash: `#/overview/compare?${new URLSearchParams({
      first: 'The battery loses half of its charge in a cold night.',
      second: 'In a cold night half of the charge of the battery is lost.',
    })}`,
    async prepare(page) {
      await page.getByRole('button', { name: 'Compare' }).click()
      await page.locator('.similarity-number').waitFor()
    },
  },
]

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gemdex-screenshots-'))
  const env = { GEMDEX_DB: join(folder, 'index.db'), HOME: folder, GEMDEX_KEEP_GAPS: 'yes' }
  const parts = readdirSync(SAMPLE).map((part) => join(SAMPLE, part))
  spawnSync(process.execPath, ['dist/main.js', 'index', ...parts], { env: { ...process.env, ...env } })
  const service = await startService(env)
  await addWhatIsSeen(service.url)
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
  try {
    mkdirSync(FOLDER, { recursive: true })
    const converter = await browser.newPage()
    for (const { width, height } of SIZES) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await openPage(browser, { width, height, colorScheme })
        for (const { name, hash, prepare } of VIEWS) {
          await page.goto('about:blank')
          await page.goto(`${service.url}/${hash}`)
          await prepare(page)
          await page.waitForTimeout(300)
          const file = join(FOLDER, `${name}-${width}-${colorScheme}.webp`)
          writeFileSync(file, await toWebp(converter, await page.screenshot()))
          console.log(file)
        }
        await page.context().close()
      }
    }
  } finally {
    await browser.close()
    await service.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Questions that the sample does not answer, and a second version of one of its documents. */
async function addWhatIsSeen(url: string): Promise<void> {
  const send = async (path: string, body?: unknown): Promise<unknown> => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
    return (await fetch(`${url}${path}`, body === undefined ? {} : init)).json()
  }
  for (const [question, times] of UNANSWERED)
    for (let time = 0; time < times; time++) await send('/v1/ask', { question })
  const { documents } = (await send('/v1/documents?collection=handbook')) as { documents: { id: string }[] }
  const { text, title } = (await send(`/v1/documents/${documents[0]?.id}/content`)) as {
    text: string
    title: string
  }
  const changed = text.replace(/\b(must|may|is|are)\b/g, (word) => EDITS[word] ?? word)
  await send('/v1/documents', { uri: 'drafts/handbook.md', title, text: changed, collection: 'drafts' })
}

const EDITS: Readonly<Record<string, string>> = { must: 'should', may: 'can', are: 'will be' }
const UNANSWERED: readonly (readonly [question: string, times: number])[] = [
  ['Where can I charge an electric car?', 3],
  ['Who won the football championship?', 1],
  ['Which bank pays the best interest on savings?', 2],
  ['How do I renew my passport?', 2],
  ['Is there a discount on cinema tickets?', 1],
]

const LABELS: readonly (readonly [name: string, description: string, examples: string])[] = [
  [
    'people',
    'leave, pay and work at the office',
    'Annual leave is asked for two weeks before.\nExpenses of travel are paid at the end of the month.',
  ],
  [
    'stations',
    'weather stations, sensors, batteries',
    'The sensor of the mast is changed every spring.\nBatteries are charged by a solar panel.',
  ],
]

type Look = { readonly width: number; readonly height: number; readonly colorScheme: 'light' | 'dark' }

async function openPage(browser: Browser, { width, height, colorScheme }: Look): Promise<Page> {
  const isPhone = width < 500
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
    isMobile: isPhone,
    hasTouch: isPhone,
  })
  return context.newPage()
}

/** A third of the size of PNG. The browser has the only encoder at hand. */
async function toWebp(page: Page, png: Buffer): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ([source, quality]) => {
      const image = new Image()
      image.src = `data:image/png;base64,${source}`
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = image.naturalWidth
      canvas.height = image.naturalHeight
      canvas.getContext('2d')?.drawImage(image, 0, 0)
      return canvas.toDataURL('image/webp', quality).replace(/^.*,/, '')
    },
    [png.toString('base64'), QUALITY] as const,
  )
  return Buffer.from(base64, 'base64')
}

await main()
