import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'

/** Chromium of the system; `CHROMIUM_PATH` names another one. */
const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** A page, and everything about it that must not happen. */
export type WatchedPage = Page & { readonly faults: string[] }

export type OpenPage = (url: string, options?: BrowserContextOptions) => Promise<WatchedPage>

/**
 * A browser for the tests of a file, and a way to open pages in it, each with a profile of its own. A test fails when one of
 * its pages throws, opens a dialog, breaks its policy or sends anything to another host.
 */
export function useBrowser(): OpenPage {
  let browser: Browser | undefined
  const pages: WatchedPage[] = []
  beforeAll(async () => {
    if (!existsSync(CHROMIUM))
      throw new Error(`There is no browser at ${CHROMIUM}. Install chromium, or set CHROMIUM_PATH.`)
    // As root Chromium cannot start its sandbox; these pages are our own.
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  })
  afterAll(() => browser?.close())
  afterEach(async () => {
    const faults = pages.flatMap((page) => page.faults)
    await Promise.all(pages.splice(0).map((page) => page.context().close()))
    expect(faults).toEqual([])
  })
  return async (url, options = {}) => {
    if (browser === undefined) throw new Error('The browser has not started')
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      ...options,
    })
    context.setDefaultTimeout(20_000)
    const page = watch(await context.newPage(), new URL(url).origin)
    pages.push(page)
    await page.goto(url)
    return page
  }
}

function watch(page: Page, origin: string): WatchedPage {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`))
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted/i.test(message.text())) faults.push(`policy: ${message.text()}`)
  })
  page.context().on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${origin}/`) && !url.startsWith('blob:')) faults.push(`request: ${url}`)
  })
  page.context().on('page', (other) => {
    if (other !== page) faults.push(`window: ${other.url()}`)
  })
  return Object.assign(page, { faults })
}

/** The words that a reader sees in an element. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).first().innerText()).replace(/\s+/g, ' ').trim()
}
