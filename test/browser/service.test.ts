import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fakeEngine, searchResult } from '../http/fake-engine.js'
import { textOf, useBrowser } from './open-browser.js'
import { serveEngine } from './serve-engine.js'
import { runProgram, serveProgram } from './start-program.js'

const open = useBrowser()

describe('a service that needs a key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gemdex-browser-'))
  let service: Awaited<ReturnType<typeof serveProgram>>
  let key = ''

  beforeAll(async () => {
    writeFileSync(join(folder, 'heating.md'), '# Heating\n\nThe heat pump is quiet.\n')
    await runProgram(folder, ['index', '--collection', 'docs', join(folder, 'heating.md')])
    key = /gemdex_\S+/.exec(await runProgram(folder, ['keys', 'add', 'reader']))?.[0] ?? ''
    service = await serveProgram(folder)
  })
  afterAll(async () => {
    await service?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('asks for it, says when it is wrong, and keeps it for the tab only', async () => {
    const page = await open(`${service.url}/#/search?q=pump`)
    const prompt = page.getByRole('dialog', { name: 'This service needs a key' })
    await prompt.waitFor()
    await page.keyboard.press('Escape')
    await prompt.getByLabel('API key').fill('gemdex_wrong')
    await prompt.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('The service does not know the key').waitFor()
    await prompt.getByLabel('API key').fill(key)
    await page.keyboard.press('Enter')
    await page.locator('.hit').first().waitFor()
    expect(await page.locator('dialog').count()).toBe(0)
    await page.reload()
    await page.locator('.hit').first().waitFor()
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 1])
    expect(page.url()).not.toContain(key)
    await page.getByRole('button', { name: 'Forget key' }).click()
    await prompt.waitFor()
  })

  it('remembers it in the browser when told so', async () => {
    const page = await open(service.url)
    const prompt = page.getByRole('dialog')
    await prompt.getByLabel('API key').fill(key)
    await prompt.getByLabel('Remember it in this browser').check()
    await page.keyboard.press('Enter')
    await page.getByText('1 document in 1 collection').waitFor()
    const another = await page.context().newPage()
    page.faults.length = 0
    await another.goto(service.url)
    await another.getByText('1 document in 1 collection').waitFor()
    page.faults.length = 0
  })
})

describe('a service that goes away', () => {
  it('is missed, waited for, and asked again when it is back', async () => {
    const first = await serveEngine(fakeEngine())
    const { port } = new URL(first.url)
    const page = await open(first.url)
    await page.locator('[data-search]').fill('laptop')
    await page.locator('.hit').first().waitFor()
    await first.close()
    await page.locator('[data-search]').fill('onboarding')
    await page.getByText('The service cannot be reached. Trying again').waitFor()
    // What was found before can still be read.
    expect(await page.locator('.hit').count()).toBe(1)
    const second = await serveEngine(
      fakeEngine({
        search: async ({ query }) => ({
          ...searchResult,
          query,
          hits: searchResult.hits.map((hit) => ({ ...hit, title: 'Back again' })),
        }),
      }),
      Number(port),
    )
    await page.getByText('Back again').waitFor()
    expect(await page.locator('.connection').count()).toBe(0)
    await second.close()
  })
})

describe('a search that could do less', () => {
  it('says so, and why', async () => {
    const degraded = 'The key was refused by Google.'
    const engine = fakeEngine({
      search: async () => ({
        ...searchResult,
        mode: 'keyword' as const,
        degraded,
        notes: ['Reranking was left out: no model answers.'],
        corrections: [{ from: 'laptpo', to: 'laptop' }],
      }),
    })
    const running = await serveEngine(engine)
    const page = await open(`${running.url}/#/search?q=laptpo`)
    await page.locator('.hit').first().waitFor()
    expect(await textOf(page, '.results-head')).toMatch(/By keywords only\. The key was refused by Google\./)
    expect(await textOf(page, '.results-head')).toMatch(/Reranking was left out/)
    expect(await textOf(page, '.corrections')).toMatch(/laptop/)
    await running.close()
  })
})
