import { expect, inject, it } from 'vitest'
import type { GapsReport } from '../../src/engine.js'
import { fakeEngine } from '../http/fake-engine.js'
import { useBrowser } from './open-browser.js'
import { useEngine } from './serve-engine.js'

const open = useBrowser()
const url = inject('sampleUrl')

const question = (text: string, asked = 1) =>
  ({ question: text, asked, outcome: 'refused', fromDay: '2026-11-02', toDay: '2026-11-24' }) as const
const HOSTILE = '<img src=x onerror="document.title=1">'
let kept: GapsReport = {
  keeping: true,
  questions: 3,
  asked: 5,
  topics: [
    {
      title: 'parking',
      terms: ['parking'],
      asked: 4,
      questions: [question('Where is the garage?', 3), question(HOSTILE)],
    },
    { title: 'visa', terms: ['visa'], asked: 1, questions: [question('Who pays for a visa?')] },
  ],
}

/** How often topics were asked for, and what ends the one under way. */
let asked = 0
let cancelled = 0
const engineUrl = useEngine(
  fakeEngine({
    gaps: async () => kept,
    forgetGaps: async () => {
      kept = { keeping: true, questions: 0, asked: 0, topics: [] }
      return 3
    },
    topics: ({ signal, onProgress } = {}) => {
      asked++
      onProgress?.({ stage: 'grouping', done: 3, total: 12 })
      return new Promise((_, reject) => {
        signal?.addEventListener('abort', () => {
          cancelled++
          reject(signal.reason)
        })
      })
    },
  }),
)

it('shows topics with their terms, and opens what is central in one', async () => {
  const page = await open(url)
  await page.getByRole('link', { name: 'Overview' }).click()
  const topic = page.locator('.topic').first()
  await topic.waitFor()
  await page.waitForFunction(() => location.hash === '#/overview/topics')
  expect(await page.locator('.topic').count()).toBeGreaterThan(1)
  expect((await topic.locator('.topic-terms').textContent())?.split(' · ').length).toBeGreaterThan(3)
  const title = await topic.locator('.topic-central a').first().textContent()
  await topic.locator('.topic-central a').first().click()
  await page.locator('.reader h1', { hasText: title ?? '?' }).waitFor()
  // What was found out is there at once.
  await page.goBack()
  await topic.waitFor()
})

it('keeps a choice of collection and kind in the address', async () => {
  const page = await open(`${url}/#/overview/duplicates?collection=handbook&level=passage`)
  await page.locator('.duplicate-group, .empty').first().waitFor()
  expect(await page.getByRole('radio', { name: 'Passages' }).isChecked()).toBe(true)
  expect(await page.getByLabel('Collection').inputValue()).toBe('handbook')
  await page.getByRole('radio', { name: 'All' }).check()
  await page.getByLabel('Collection').selectOption('')
  await page.waitForFunction(() => location.hash === '#/overview/duplicates')
})

it('says how far a long search for topics is, cancels it and starts it again', async () => {
  const page = await open(`${engineUrl()}/#/overview/topics`)
  await page.locator('.survey-progress', { hasText: 'Grouping' }).waitFor()
  expect(await page.locator('progress').getAttribute('value')).toBe('3')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect.poll(() => cancelled).toBe(1)
  await page.getByRole('button', { name: 'Start again' }).click()
  await page.locator('.survey-progress', { hasText: 'Grouping' }).waitFor()
  expect(asked).toBe(2)
  // Whoever leaves cancels it too.
  await page.getByRole('link', { name: 'Documents' }).click()
  await expect.poll(() => cancelled).toBe(2)
})

it('lists what was not answered, as text, until it is forgotten', async () => {
  const page = await open(`${engineUrl()}/#/overview/gaps`)
  await page.getByText('3 questions, asked 5 times').waitFor()
  expect(await page.locator('.gap-topics h2').allTextContents()).toEqual([
    'parking asked 4 times',
    'visa asked 1 time',
  ])
  await page.getByRole('link', { name: HOSTILE }).waitFor()
  await page.getByRole('button', { name: 'Forget all questions' }).click()
  await page.getByRole('button', { name: 'Forget all' }).click()
  await page.getByText('No unanswered questions so far').waitFor()
})

it('says how questions can be kept where they are not', async () => {
  const page = await open(`${url}/#/overview/gaps`)
  await page.getByText('GEMDEX_KEEP_GAPS=yes').waitFor()
})
