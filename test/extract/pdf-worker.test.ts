import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { extractFile } from '../../src/extract/extract.js'
import { isSkipped } from '../../src/extract/extractor.js'
import {
  createIsolatedExtractor,
  defaultIsolationLimits,
  type FileExtractor,
} from '../../src/extract/isolated-extractor.js'
import { type Compiled, compile } from '../store/sqlite/compile.js'
import { expectSound, limits } from './expect-sound.js'
import { goodPdf } from './good-files-pdf.js'
import { mutate } from './mutate.js'

let programs: Compiled
beforeAll(() => {
  programs = compile('src/extract/worker.ts')
})
afterAll(() => programs.discard())

function open(): FileExtractor {
  const script = join(programs.folder, 'src/extract/worker.js')
  const extractor = createIsolatedExtractor({ script, limits, isolation: defaultIsolationLimits, workers: 2 })
  onTestFinished(() => extractor.close())
  return extractor
}

test('a PDF file is read in a worker as in this process', async () => {
  const here = await extractFile(goodPdf(), { name: 'good.pdf', limits })
  expect(await open().extractFile(goodPdf(), { name: 'good.pdf' })).toEqual(here)
})

test('200 damaged PDF files give a text or a reason each, and crash no worker', async () => {
  const extractor = open()
  const good = goodPdf()
  const seeds = Array.from({ length: 200 }, (_, i) => i + 1)
  const results = await Promise.all(
    seeds.map((seed) => extractor.extractFile(mutate(good, seed), { name: 'good.pdf' })),
  )
  for (const [i, result] of results.entries()) {
    if (isSkipped(result)) expect(result.message, `seed ${seeds[i]}`).not.toMatch(/^$|crashed/)
    else for (const document of result.documents) expectSound(document)
  }
  expect(results.filter((result) => !isSkipped(result)).length).toBeGreaterThan(50)
}, 300_000)
