/**
 * How smoothly the map moves: frames of panning and zooming over random points, in a Chromium of the system.
 *
 *     npm run bench:map [<points>]          default: 10,000
 *
 * Prints the time from the event that asks for a frame to its picture (median, p95, greatest). Needs the built program.
 */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { startService } from '../http/start-service.js'

const COUNT = Number(process.argv[2] ?? 10_000)
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

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gemdex-map-'))
  const env = { GEMDEX_DB: join(folder, 'index.db'), HOME: folder }
  spawnSync(process.execPath, ['dist/main.js', 'index', 'data/sample/handbook'], {
    env: { ...process.env, ...env },
  })
  const service = await startService(env)
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.route('**/v1/map', (route) => route.fulfill({ json: randomMap(COUNT) }))
    await page.goto(`${service.url}/#/map`)
    await page.locator('.legend .chip').first().waitFor()
    const times = await page.evaluate(async (frames) => {
      const stage = document.querySelector('.map-stage')
      const times: number[] = []
      const { width = 0, height = 0 } = stage?.getBoundingClientRect() ?? {}
      const send = (type: string, x: number) =>
        stage?.dispatchEvent(
          new PointerEvent(type, { bubbles: true, pointerId: 1, clientX: x, clientY: height / 2 }),
        )
      Object.assign(Element.prototype, { setPointerCapture: () => undefined })
      for (let frame = 0; frame < frames; frame++) {
        const start = performance.now()
        if (frame % 4 === 3)
          stage?.dispatchEvent(
            new WheelEvent('wheel', {
              bubbles: true,
              cancelable: true,
              deltaY: frame % 8 === 3 ? -40 : 40,
              clientX: width / 2,
              clientY: height / 2,
            }),
          )
        else {
          if (frame % 4 === 0) send('pointerdown', width / 2)
          send('pointermove', width / 2 + (frame % 60) - 30)
          if (frame % 4 === 2) send('pointerup', width / 2 + 10)
        }
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
        // Waits until what was asked of the canvas has been drawn.
        document.querySelector('canvas')?.getContext('2d')?.getImageData(0, 0, 1, 1)
        times.push(performance.now() - start)
      }
      return times
    }, FRAMES)
    console.log(`${COUNT} points, ${FRAMES} frames: ${describe(times)}`)
  } finally {
    await browser.close()
    await service.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function describe(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1)
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, greatest ${at(1)} ms`
}

await main()
