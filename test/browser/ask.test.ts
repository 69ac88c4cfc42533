import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { answers, type GeminiServer, startGeminiServer } from '../helpers/gemini-server.js'
import { textOf, useBrowser, type WatchedPage } from './open-browser.js'
import { runProgram, serveProgram } from './start-program.js'

const DOCUMENTS = {
  'heating.md': '# Heating\n\nThe heat pump was installed in 2021 by the firm Keller. It is quiet.\n',
  'firms.md': '# Firms that we call\n\nKeller has its workshop in Lindach.\n',
  'oven.md': '# Bread oven\n\nThe oven was built in 2019. Somebody has to get wood for it.\n',
} as const
const QUESTION = 'Who installed the heat pump?'
const ANSWER = 'The heat pump was installed in 2021 by the firm **Keller** [1].'
/** A red dot. */
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='

const open = useBrowser()
const folder = mkdtempSync(join(tmpdir(), 'gemdex-browser-'))
let gemini: GeminiServer
let service: Awaited<ReturnType<typeof serveProgram>>

beforeAll(async () => {
  gemini = await startGeminiServer()
  const env = { GOOGLE_API_KEY: gemini.apiKey, GEMINI_BASE_URL: gemini.url }
  mkdirSync(join(folder, 'docs'))
  for (const [name, text] of Object.entries(DOCUMENTS)) writeFileSync(join(folder, 'docs', name), text)
  await runProgram(folder, ['index', '--yes', join(folder, 'docs')], env)
  service = await serveProgram(folder, env)
})
beforeEach(() => gemini.reset())
afterAll(async () => {
  await service?.stop()
  await gemini.close()
  rmSync(folder, { recursive: true, force: true })
})

const says = (response: ReturnType<typeof answers.text>) => gemini.onGenerate(() => response)

async function openAsk(): Promise<WatchedPage> {
  const page = await open(`${service.url}/#/ask`)
  await page.locator('textarea').waitFor()
  return page
}

async function ask(page: WatchedPage, question: string): Promise<void> {
  await page.locator('textarea').fill(question)
  await page.locator('textarea').press('Enter')
}

/** A model that says the second part when it is told to. */
function speakInSteps(first: string, second: string) {
  let goOn = () => {}
  const mayGoOn = new Promise<void>((resolve) => {
    goOn = resolve
  })
  async function* speak() {
    yield* answers.chunked(first, 3).map(withoutEnd)
    await mayGoOn
    yield* answers.chunked(second, 1)
  }
  gemini.onGenerate(() => speak())
  return { goOn }
}

type Chunk = ReturnType<typeof answers.chunked>[number]

function withoutEnd(chunk: Chunk): Chunk {
  return {
    ...chunk,
    candidates: (chunk.candidates ?? []).map(({ finishReason: _, ...candidate }) => candidate),
  }
}

describe('an answer', () => {
  it('comes as it is written, as Markdown, with citations that open their passage', async () => {
    const model = speakInSteps(`${ANSWER} It`, ' is quiet [1].')
    const page = await openAsk()
    await ask(page, QUESTION)
    await page.locator('.answer[aria-busy="true"] .markdown strong', { hasText: 'Keller' }).waitFor()
    await page.getByRole('button', { name: 'Stop' }).waitFor()
    model.goOn()
    await page.locator('.answer-foot').waitFor()
    expect(await textOf(page, '.markdown')).toBe(
      'The heat pump was installed in 2021 by the firm Keller 1. It is quiet 1.',
    )
    expect(await page.locator('.markdown strong').innerText()).toBe('Keller')
    expect(await page.locator('a.marker').first().getAttribute('data-verified')).toBe('true')
    await page.locator('a.marker').first().click()
    expect(await page.locator('mark.quote').innerText()).toContain('installed in 2021 by the firm Keller')
    await page.goBack()
    expect(await textOf(page, '.markdown')).toContain('Keller')
  })

  it('shows what its passages do not bear', async () => {
    says(answers.text('The firm Keller installed the heat pump [1]. It was installed in 2019 [1].'))
    const page = await openAsk()
    await ask(page, QUESTION)
    await page.locator('.answer-foot').waitFor()
    expect(
      await page.locator('a.marker').evaluateAll((all) => all.map((each) => each.dataset.verified)),
    ).toEqual(['true', 'false'])
    await page.getByText('One statement was not found in the passages').click()
    await page.getByText('It was installed in 2019 [1].', { exact: true }).waitFor()
  })

  it('is refused, with the nearest passages, when the documents do not hold it', async () => {
    says(answers.text('The heat pump was installed in 2019 by Meier [1].'))
    const page = await openAsk()
    await ask(page, QUESTION)
    await page.getByText('The documents do not say.').waitFor()
    await page.getByRole('heading', { name: 'The nearest passages' }).waitFor()
    expect(await page.locator('a.marker').count()).toBe(0)
    await page.locator('.nearest a').first().click()
    await page.locator('.in-passage').first().waitFor()
  })

  it('says why when it is blocked, and when it stops short', async () => {
    const page = await openAsk()
    says(answers.promptBlocked('SAFETY'))
    await ask(page, QUESTION)
    await page.getByText('The provider of the model blocked this answer.').waitFor()
    expect(await textOf(page, '.outcome')).toMatch(/SAFETY/i)
    says(answers.text(ANSWER, { finishReason: 'MAX_TOKENS' }))
    await ask(page, QUESTION)
    await page.getByText('The answer stops before its end.').waitFor()
  })

  it('is stopped, and what had come stays', async () => {
    const model = speakInSteps(
      'The heat pump was installed in 2021 by the firm Keller [1]. It',
      ' is quiet [1].',
    )
    const page = await openAsk()
    await ask(page, QUESTION)
    await page.locator('.answer .markdown').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('Stopped.').waitFor()
    expect(await textOf(page, '.markdown')).toContain('installed in 2021')
    await page.getByRole('button', { name: 'Ask', exact: true }).waitFor()
    model.goOn()
  })

  it('says when the model gives nothing', async () => {
    says(answers.empty())
    const page = await openAsk()
    await ask(page, QUESTION)
    await page.getByText('The model gave no text.').waitFor()
  })

  it('is copied', async () => {
    says(answers.text(ANSWER))
    const page = await openAsk()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await ask(page, QUESTION)
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('by the firm **Keller** [1].')
  })
})

describe('a conversation', () => {
  it('goes on with what was said, shows what was searched for, and is there after a reload', async () => {
    gemini.onGenerate((body) => {
      const text = JSON.stringify(body)
      if (text.includes('You rewrite the last question'))
        return answers.text('Where is the workshop of the firm Keller?')
      return answers.text(
        text.includes('Question: Where') ? 'Keller has its workshop in Lindach [1].' : ANSWER,
      )
    })
    const page = await openAsk()
    await ask(page, QUESTION)
    await page.locator('.answer-foot').waitFor()
    await ask(page, 'Where is their workshop?')
    await page.locator('.answer-foot').nth(1).waitFor()
    expect(await textOf(page, '.standalone')).toContain('Where is the workshop of the firm Keller?')
    await page.reload()
    await page.locator('.answer-foot').nth(1).waitFor()
    expect(await page.locator('.question').allInnerTexts()).toEqual([QUESTION, 'Where is their workshop?'])
    expect(await textOf(page, '.standalone')).toContain('the firm Keller')
    expect(await page.locator('a.marker').first().getAttribute('data-verified')).toBe('true')
  })

  it('is renamed and removed', async () => {
    says(answers.text(ANSWER))
    const page = await openAsk()
    await ask(page, 'Who installed the heat pump in 2021?')
    await page.locator('.answer-foot').waitFor()
    const shown = page.locator('.sessions li[data-shown="true"]')
    await shown.hover()
    await shown.getByRole('button', { name: /^Rename/ }).click()
    await page.getByLabel('Title of the conversation').fill('تدفئة <b>')
    await page.keyboard.press('Enter')
    await shown.getByText('تدفئة <b>').waitFor()
    await shown.hover()
    await shown.getByRole('button', { name: /^Remove/ }).click()
    await shown.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('Ask your documents').waitFor()
    await page.getByText('تدفئة <b>').waitFor({ state: 'detached' })
  })
})

describe('pictures', () => {
  it('are added by paste and drop, shown, taken away, and sent', async () => {
    says(answers.text(ANSWER))
    const page = await openAsk()
    const give = (kind: 'paste' | 'drop') =>
      page.evaluate(
        ([type, base64]) => {
          const bytes = Uint8Array.from(atob(base64 ?? ''), (character) => character.charCodeAt(0))
          const data = new DataTransfer()
          data.items.add(new File([bytes], 'dot.png', { type: 'image/png' }))
          const target = document.querySelector(type === 'paste' ? 'textarea' : '.composer')
          const options = { bubbles: true, cancelable: true }
          target?.dispatchEvent(
            type === 'paste'
              ? new ClipboardEvent('paste', { ...options, clipboardData: data })
              : new DragEvent('drop', { ...options, dataTransfer: data }),
          )
        },
        [kind, PICTURE],
      )
    await give('paste')
    await give('drop')
    const pictures = page.locator('.composer .pictures img')
    await pictures.nth(1).waitFor()
    expect(await pictures.first().evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1)
    await page.getByRole('button', { name: 'Remove picture 2' }).click()
    await ask(page, QUESTION)
    await page.locator('.answer-foot').waitFor()
    const sent = JSON.stringify(gemini.requests.at(-1))
    expect(sent.split(PICTURE)).toHaveLength(2)
    expect(await page.locator('.exchange .pictures img').count()).toBe(1)
  })
})
