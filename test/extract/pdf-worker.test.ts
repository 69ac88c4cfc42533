import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { extractFile } from '../../src/extract/extract.js'
import { createIsolatedExtractor, defaultIsolationLimits } from '../../src/extract/isolated-extractor.js'
import { type Compiled, compile } from '../store/sqlite/compile.js'
import { limits } from './expect-sound.js'
import { goodPdf } from './good-files-pdf.js'

let programs: Compiled
beforeAll(() => {
  programs = compile('src/extract/worker.ts')
})
afterAll(() => programs.discard())

test('a PDF file is read in a worker as in this process', async () => {
  const extractor = createIsolatedExtractor({
    script: join(programs.folder, 'src/extract/worker.js'),
    limits,
    isolation: defaultIsolationLimits,
    workers: 1,
  })
  onTestFinished(() => extractor.close())
  const here = await extractFile(goodPdf(), { name: 'good.pdf', limits })
  expect(await extractor.extractFile(goodPdf(), { name: 'good.pdf' })).toEqual(here)
})
