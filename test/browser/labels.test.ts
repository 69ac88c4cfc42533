import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { ClassifyReport, ClassifyRequest } from '../../src/engine.js'
import { GemdexError } from '../../src/errors.js'
import { type GeminiServer, startGeminiServer } from '../helpers/gemini-server.js'
import { fakeEngine } from '../http/fake-engine.js'
import { textOf, useBrowser, type WatchedPage } from './open-browser.js'
import { useEngine } from './serve-engine.js'
import { runProgram, serveProgram } from './start-program.js'

const open = useBrowser()

const LABELS = [
  { name: 'sea', description: 'boats and sails', examples: 'boats at sea\na boat with sails' },
  { name: 'kitchen', description: 'bread and ovens', examples: 'bread and ovens\novens for bread' },
] as const
/** An address that has both labels written down. */
const ADDRESS = `#/overview/labels?${new URLSearchParams(
  LABELS.flatMap(({ name, description, examples }) => [
    ['label', name],
    ['about', description],
    ['examples', examples],
  ]),
)}`
const give = (page: WatchedPage) => page.getByRole('button', { name: 'Give labels' })

describe('labels by meaning', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gemdex-browser-'))
  let gemini: GeminiServer
  let service: Awaited<ReturnType<typeof serveProgram>>

  beforeAll(async () => {
    gemini = await startGeminiServer()
    const env = { GOOGLE_API_KEY: gemini.apiKey, GEMINI_BASE_URL: gemini.url }
    mkdirSync(join(folder, 'docs'))
    for (const [i, about] of ['boats at sea', 'sails and boats', 'bread and ovens'].entries())
      writeFileSync(join(folder, 'docs', `${i}.md`), `# Note ${i}\n\nThis note is about ${about}.\n`)
    await runProgram(folder, ['index', '--yes', join(folder, 'docs')], env)
    service = await serveProgram(folder, env)
  })
  afterAll(async () => {
    await service?.stop()
    await gemini?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const roles = () => new Set(gemini.embedTexts().map(({ taskType }) => taskType))

  it('are written down with keys, given to documents, kept, and searched by', async () => {
    const page = await open(`${service.url}/#/overview/labels`)
    await page.locator('.labels-form').waitFor()
    await page.keyboard.press('/')
    for (const { name, description, examples } of LABELS) {
      await page.keyboard.insertText(name)
      await page.keyboard.press('Tab')
      await page.keyboard.insertText(description)
      await page.keyboard.press('Tab')
      await page.keyboard.insertText(examples)
      await page.keyboard.press('Tab')
    }
    gemini.reset()
    await page.locator('.label-row textarea').last().press('Control+Enter')
    await page.getByText('3 of 3 documents got a label').waitFor()
    expect(roles()).toEqual(new Set(['CLASSIFICATION']))
    const group = (name: string) => page.locator('.label-group', { hasText: name }).getByRole('link')
    expect((await group('sea').allTextContents()).toSorted()).toEqual(['Note 0', 'Note 1'])
    expect(await group('kitchen').allTextContents()).toEqual(['Note 2'])
    await page.getByText(/Tried on 4 examples, each left out in turn: \d+ % right/).click()
    expect(await page.locator('.labels-evaluation tbody tr').count()).toBe(2)

    await page.getByLabel('under the name').fill('topic')
    await page.getByRole('button', { name: 'Keep' }).click()
    await page.getByText('3 documents keep their label').waitFor()
    await page.getByRole('link', { name: 'sea 2' }).click()
    await page.getByText('topic: sea').waitFor()
    await page.locator('[data-search]').fill('note')
    await page.getByText('2 documents · ').waitFor()
    await page.waitForFunction(() => location.hash === '#/search?q=note&label=topic%3Asea')
    await page.getByLabel('kitchen').check()
    await page.getByText('1 document · ').waitFor()
  })

  it('are read from the address, and given when somebody says so', async () => {
    gemini.reset()
    const page = await open(`${service.url}/${ADDRESS}`)
    await expect.poll(() => page.getByLabel('Name').nth(1).inputValue()).toBe('kitchen')
    expect(gemini.requests).toEqual([])
    await page.getByRole('radio', { name: 'My own texts' }).check()
    await page
      .getByLabel('Texts, with an empty line between them')
      .fill('Boats at sea.\nBoats.\n\nBread and ovens.')
    await give(page).click()
    await page.getByText('2 of 2 texts got a label').waitFor()
    expect(await page.locator('.labelled-with strong').allTextContents()).toEqual(['sea', 'kitchen'])
    await page.getByText('All labels').first().click()
    await page.locator('.labelled-texts details li').first().waitFor()
    expect(await textOf(page, '.labelled-texts details')).toMatch(/^All labels sea \d+ % kitchen \d+ %$/)
    await page.getByRole('radio', { name: 'Documents' }).check()
    await page.getByRole('radio', { name: 'My own texts' }).check()
    expect(await page.getByLabel('Texts, with an empty line between them').inputValue()).toContain('Bread')
    // What was found is there when one comes back, and is not asked for again.
    const asked = gemini.requests.length
    await page.getByRole('link', { name: 'Documents' }).click()
    await page.locator('.documents-view').waitFor()
    await page.goBack()
    await page.getByText('2 of 2 texts got a label').waitFor()
    expect(gemini.requests).toHaveLength(asked)
  })

  it('two texts are compared in their role, and the address holds them', async () => {
    gemini.reset()
    const page = await open(`${service.url}/#/overview/compare`)
    await page.getByLabel('One text').fill('boats at sea')
    expect(await page.getByRole('button', { name: 'Compare' }).isDisabled()).toBe(true)
    await page.getByLabel('The other text').fill('boats at sea')
    await page.getByLabel('The other text').press('Control+Enter')
    expect(await textOf(page, '.similarity-number')).toBe('1.00 They say the same.')
    expect(await textOf(page, '.similarity')).toContain(
      'gemini-embedding-001 in the role SEMANTIC_SIMILARITY',
    )
    expect(roles()).toEqual(new Set(['SEMANTIC_SIMILARITY']))
    await page.waitForFunction(() => location.hash.endsWith('compare?first=boats+at+sea&second=boats+at+sea'))
  })
})

const item = (name: string, label: string | null, probability: number) => ({
  label,
  probability,
  probabilities: { sea: probability, kitchen: 1 - probability },
  documentId: '0123456789abcdef',
  title: name,
  uri: `${name}.md`,
  collection: 'docs',
})
const nothingSent = { texts: 0, tokens: 0, priceUsd: 0 }
const report: ClassifyReport = {
  by: 'terms',
  calibrated: false,
  items: [item('Boats', 'sea', 0.9), item('Trains', null, 0.52)],
  sent: nothingSent,
}

describe('labels', () => {
  let classify: (request: ClassifyRequest) => Promise<ClassifyReport> = async () => report
  const url = useEngine(
    fakeEngine({
      classify: (request) => classify(request),
      similarity: () =>
        Promise.reject(new GemdexError('KEY_MISSING', 'There is no key', { hint: 'Set one.' })),
    }),
  )

  it('say what is missing, and are added and removed', async () => {
    const page = await open(`${url()}/#/overview/labels`)
    await page.getByText('Two labels are needed').waitFor()
    expect(await give(page).isDisabled()).toBe(true)
    await page.getByLabel('Name').first().fill('sea')
    await page.getByLabel('Name').last().fill('kitchen')
    await page.getByText('“sea” needs a description or an example.').waitFor()
    await page.getByRole('button', { name: 'Add a label' }).click()
    await page.waitForFunction(
      () => document.activeElement === [...document.querySelectorAll('[name="label"]')].at(-1),
    )
    await page.keyboard.insertText('garden')
    await page.getByRole('button', { name: 'Remove label 1, “sea”' }).click()
    expect(
      await page.getByLabel('Name').evaluateAll((all) => all.map((each) => 'value' in each && each.value)),
    ).toEqual(['kitchen', 'garden'])
    // What was written outlives the view.
    await page.getByRole('link', { name: 'Compare' }).click()
    await page.locator('.compare-form').waitFor()
    await page.getByRole('link', { name: 'Labels' }).click()
    await expect.poll(() => page.getByLabel('Name').last().inputValue()).toBe('garden')
  })

  it('name what got none, and are asked for with what was chosen', async () => {
    let asked: ClassifyRequest | undefined
    classify = async (request) => {
      asked = request
      return report
    }
    const page = await open(`${url()}/${ADDRESS}`)
    await page.getByLabel('Only where the path is like').fill('**/*.md')
    const least = page.getByLabel('at least this likely')
    await least.fill('70')
    await least.fill('')
    await least.blur()
    expect(await least.inputValue()).toBe('70')
    await give(page).click()
    await page.getByText('1 of 2 documents got a label').waitFor()
    expect(asked).toMatchObject({
      labels: LABELS.map(({ examples, ...label }) => ({ ...label, examples: examples.split('\n') })),
      filter: { path: { $glob: '**/*.md' } },
      minProbability: 0.7,
    })
    await page.getByText('Nothing tells how far these probabilities can be trusted').waitFor()
    expect(await textOf(page, '.label-group[data-label="none"]')).toBe(
      'No label 1 document No label was likely enough. Which one was likeliest: Trains docs / Trains.md sea 52 %',
    )
    classify = async () => ({ ...report, items: [] })
    await give(page).click()
    await page.getByRole('heading', { name: 'Nothing to label' }).waitFor()
  })

  it('tell how far they are, are cancelled, and say what went wrong', async () => {
    let cancelled = 0
    classify = ({ dryRun, onProgress, signal }) => {
      if (dryRun) return Promise.resolve(report)
      onProgress?.({ stage: 'embedding', done: 3, total: 12 })
      return new Promise((_, reject) => {
        signal?.addEventListener('abort', () => {
          cancelled++
          reject(signal.reason)
        })
      })
    }
    const page = await open(`${url()}/${ADDRESS}`)
    await give(page).click()
    await page.locator('.survey-progress', { hasText: 'Waiting for the model' }).waitFor()
    expect(await page.locator('progress').getAttribute('value')).toBe('3')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('heading', { name: 'Cancelled' }).waitFor()
    await expect.poll(() => cancelled).toBe(1)
    const taken = new GemdexError('QUOTA_EXHAUSTED', 'The quota of the day is used up', { hint: 'Wait.' })
    classify = ({ dryRun }) => (dryRun ? Promise.resolve(report) : Promise.reject(taken))
    await page.getByRole('button', { name: 'Start again' }).click()
    await page.getByRole('alert').getByText('The quota of the day is used up').waitFor()
    classify = async () => report
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('1 of 2 documents got a label').waitFor()
  })

  it('name a price that is high and wait for a yes; the service says who may keep them', async () => {
    const sent = { texts: 90_000, tokens: 20_000_000, priceUsd: 3 }
    let given = 0
    classify = async ({ dryRun, save }) => {
      if (save !== undefined) throw new GemdexError('FORBIDDEN', 'This key may not keep labels')
      if (!dryRun) given++
      return { ...report, sent }
    }
    const page = await open(`${url()}/${ADDRESS}`)
    await give(page).click()
    await page.getByText('This sends 90,000 texts with about 20,000,000 tokens, $3.00').waitFor()
    expect(given).toBe(0)
    await page.getByRole('button', { name: 'Send and give labels' }).click()
    await page.getByText('1 of 2 documents got a label').waitFor()
    expect(given).toBe(1)
    await page.getByRole('button', { name: 'Keep' }).click()
    await page.getByRole('alert').getByText('This key may not keep labels').waitFor()
  })

  it('two texts that cannot be compared: the page says why', async () => {
    const page = await open(`${url()}/#/overview/compare?first=a&second=b`)
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByRole('alert').getByText('There is no key').waitFor()
  })
})

it('two texts are compared by their words without a key, which is said', async () => {
  const page = await open(`${inject('sampleUrl')}/#/overview/compare?first=night+battery&second=bread+recipe`)
  await page.getByRole('button', { name: 'Compare' }).click()
  expect(await textOf(page, '.similarity-number')).toMatch(/^-?0\.\d\d (Few|They have no words)/)
  expect(await textOf(page, '.similarity')).toContain('which compares words')
})
