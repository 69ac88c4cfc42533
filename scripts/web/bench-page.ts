/**
 * How fast the page is, in a Chromium of the system (`CHROMIUM_PATH`, default /usr/bin/chromium):
 *
 *     npm run bench:page [<points>]          default: 10,000
 *
 * The first view: from the start of the navigation, with an empty cache, until what is in the index is told. The map: from the
 * event that moves or zooms it until the picture is drawn. Needs the built program.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { startService } from '../http/start-service.js'

const COUNT = Number(process.argv[2] ?? 10_000)
const VISITS = 9
const FRAMES = 240

/** Eight clusters, as documents lie. */
function randomMap(count: number) {
  let state = 7
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const points = Array.from({ length: count }, (_, i) => {
    const cluster = i % 8
    const [distance, angle] = [0.35 * random() ** 0.5, 2 * Math.PI * random()]
    return {
      documentId: `d${i}`,
      title: `Document ${i}`,
      uri: `folder/${i}.md`,
      collection: `collection ${cluster}`,
      type: 'text/markdown',
      x: 0.6 * Math.cos(cluster) + distance * Math.cos(angle),
      y: 0.6 * Math.sin(cluster) + distance * Math.sin(angle),
    }
  })
  return { state: 'ready', projection: 'pca', total: count, points }
}

/** A topic for each cluster. */
function topicsOf({ points }: ReturnType<typeof randomMap>) {
  const topics = Array.from({ length: 8 }, (_, cluster) => ({
    title: `cluster, number, ${cluster}`,
    members: points.filter((_, i) => i % 8 === cluster).map(({ documentId }) => documentId),
  }))
  return { topics }
}

async function measureFirstViews(browser: Browser, url: string): Promise<number[]> {
  const times: number[] = []
  for (let visit = 0; visit < VISITS; visit++) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(url)
    await page.locator('.overview').waitFor()
    times.push(await page.evaluate(() => performance.now()))
    await page.close()
  }
  return times
}

async function measureMap(browser: Browser, url: string): Promise<number[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  const map = randomMap(COUNT)
  await page.route('**/v1/map', (route) => route.fulfill({ json: map }))
  await page.route('**/v1/topics?*', (route) => route.fulfill({ json: topicsOf(map) }))
  await page.goto(`${url}/#/map`)
  await page.locator('.map-topics li').first().waitFor()
  return page.evaluate(async (frames) => {
    const stage = document.querySelector('.map-stage')
    const context = document.querySelector('canvas')?.getContext('2d')
    const { left = 0, top = 0, width = 0, height = 0 } = stage?.getBoundingClientRect() ?? {}
    const [x, y] = [left + width / 2, top + height / 2]
    Object.assign(Element.prototype, { setPointerCapture: () => undefined })
    const pointer = (type: string, dx: number) =>
      stage?.dispatchEvent(
        new PointerEvent(type, { bubbles: true, pointerId: 1, clientX: x + dx, clientY: y }),
      )
    const wheel = (deltaY: number) =>
      stage?.dispatchEvent(
        new WheelEvent('wheel', { bubbles: true, cancelable: true, deltaY, clientX: x, clientY: y }),
      )
    const times: number[] = []
    for (let frame = 0; frame < frames; frame++) {
      const start = performance.now()
      // Names what is under the pointer, drags, zooms in and out.
      if (frame % 6 === 0) pointer('pointermove', frame % 100)
      else if (frame % 6 === 1) pointer('pointerdown', 0)
      else if (frame % 6 === 5) wheel(frame % 12 === 5 ? -60 : 60)
      else pointer('pointermove', 20 * (frame % 6))
      if (frame % 6 === 4) pointer('pointerup', 80)
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
      // Waits until what was asked of the canvas has been drawn.
      context?.getImageData(0, 0, 1, 1)
      times.push(performance.now() - start)
    }
    return times
  }, FRAMES)
}

function describe(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1)
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, greatest ${at(1)} ms`
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gemdex-page-'))
  const env = { GEMDEX_DB: join(folder, 'index.db'), HOME: folder }
  spawnSync(process.execPath, ['dist/main.js', 'index', 'data/sample/handbook'], {
    env: { ...process.env, ...env },
  })
  const service = await startService(env)
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    console.log(`first view, ${VISITS} visits: ${describe(await measureFirstViews(browser, service.url))}`)
    console.log(
      `map of ${COUNT} points, ${FRAMES} frames: ${describe(await measureMap(browser, service.url))}`,
    )
  } finally {
    await browser.close()
    await service.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

await main()
