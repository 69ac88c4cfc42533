import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { textOf, useBrowser, type WatchedPage } from './open-browser.js'
import { runProgram, serveProgram } from './start-program.js'

const FILES = 150

const open = useBrowser()
const folder = mkdtempSync(join(tmpdir(), 'gemdex-browser-'))
const docs = join(folder, 'docs')
const more = join(folder, 'more')
let service: Awaited<ReturnType<typeof serveProgram>>

beforeAll(async () => {
  for (const each of [docs, more]) mkdirSync(each)
  writeFileSync(join(docs, 'heating.md'), '# Heating\n\nThe heat pump is quiet.\n')
  writeFileSync(join(docs, 'broken.pdf'), 'no PDF at all')
  for (let i = 0; i < FILES; i++)
    writeFileSync(
      join(more, `note ${i}.md`),
      `# Note ${i}\n\n${`Word${i} and the rest of it. `.repeat(60)}\n`,
    )
  await runProgram(folder, ['index', docs]).catch(() => '')
  service = await serveProgram(folder, { GEMDEX_ALLOWED_ROOTS: more })
})
afterAll(async () => {
  await service?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const openDocuments = () => open(`${service.url}/#/documents`)

async function index(page: WatchedPage, path: string, collection: string): Promise<void> {
  await page.getByLabel('Folder of the server').fill(path)
  await page.getByLabel('Collection', { exact: true }).fill(collection)
  await page.getByRole('button', { name: 'Start' }).click()
}

describe('the index', () => {
  it('is told in figures, with what is not in it and why', async () => {
    const page = await openDocuments()
    await page.getByText('1 of 1', { exact: true }).waitFor()
    await page.getByText('1 file is not in the index').click()
    await page.getByText('TYPE_MISMATCH').or(page.getByText('PARSE_ERROR')).waitFor()
    await page.getByText('local-lexical-v1').waitFor()
    await page.getByText('embedded on this machine').waitFor()
    expect(await page.locator('.document-facts').first().innerText()).toContain('1/1')
  })
})

describe('a job', () => {
  it('is followed to its end, and what it brought is listed', async () => {
    const page = await openDocuments()
    await index(page, more, 'more')
    await page.locator('.job[data-state="running"] progress').waitFor()
    await page.locator('.job[data-state="done"]').waitFor()
    expect(await textOf(page, '.job[data-state="done"]')).toContain(`${FILES} files indexed`)
    await page.getByRole('link', { name: 'more', exact: true }).click()
    await page.getByRole('heading', { name: `more ${FILES}` }).waitFor()
    expect(await page.locator('.document-list > li').count()).toBe(50)
    await page.getByRole('button', { name: 'More documents' }).click()
    await page.locator('.document-list > li').nth(99).waitFor()
  })

  it('is cancelled', async () => {
    const page = await openDocuments()
    await page.getByLabel('Read unchanged files again').check()
    await index(page, more, 'more')
    await page.locator('.job[data-state="running"], .job[data-state="queued"]').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.locator('.job[data-state="cancelled"]').waitFor()
  })

  it('of a folder that is not allowed is refused in words that help', async () => {
    const page = await openDocuments()
    await index(page, docs, 'docs')
    await page.getByRole('alert').waitFor()
    expect(await textOf(page, '[role="alert"]')).toMatch(/GEMDEX_ALLOWED_ROOTS/)
  })
})

describe('files', () => {
  it('are dropped into the index, found at once, and taken out again', async () => {
    const page = await openDocuments()
    await page.getByLabel('Into the collection').fill('dropped')
    await page.locator('.drop').evaluate((target) => {
      const data = new DataTransfer()
      data.items.add(new File(['# Marmalade\n\nOf bitter oranges.\n'], 'jam.md'))
      data.items.add(new File([new Uint8Array([0, 1, 2, 3])], 'noise.bin'))
      target.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }))
    })
    await page.locator('.uploads li[data-state="done"]').getByText('jam.md').waitFor()
    await page.locator('.uploads li[data-state="failed"]').getByText('noise.bin').waitFor()
    expect(await textOf(page, '.uploads .field-error')).not.toBe('')
    await page.goto(`${service.url}/#/search?q=marmalade`)
    await page.locator('[data-hit]').first().click()
    await page.locator('.reader h1', { hasText: 'Marmalade' }).waitFor()

    await page.goto(`${service.url}/#/documents?collection=dropped`)
    await page.getByRole('button', { name: 'Remove Marmalade from the index' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('Marmalade').waitFor({ state: 'detached' })
  })
})
