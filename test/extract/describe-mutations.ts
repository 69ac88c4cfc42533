import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { extractFile } from '../../src/extract/extract.js'
import { type ExtractedFile, isSkipped, type Skipped } from '../../src/extract/extractor.js'
import { createIsolatedExtractor, type FileExtractor } from '../../src/extract/isolated-extractor.js'
import { type Compiled, compile } from '../store/sqlite/compile.js'
import { expectSound, limits } from './expect-sound.js'
import type { GoodFile } from './good-files.js'
import { mutate } from './mutate.js'

const mutants = 200
/** Damage makes no small file large. */
const maxMutantBytes = 1 << 20

function expectResult(result: ExtractedFile | Skipped): void {
  if (isSkipped(result)) {
    expect(result.skipped).not.toMatch(/^(?:TIMEOUT|TOO_LARGE)$/)
    expect(result.message).not.toBe('')
    expect(result.message.length).toBeLessThanOrEqual(200)
    expect(result.message).not.toMatch(/crashed|undefined|is not a function|Cannot read prop/)
  } else for (const document of result.documents) expectSound(document)
}

/**
 * Damages each file in many ways and expects a result or a reason. Those formats in `mayHang` are read by a library that damage
 * may set running for ever: through a worker that is killed then.
 */
export function describeMutations(files: readonly GoodFile[], mayHang: ReadonlySet<string>): void {
  let programs: Compiled
  let isolated: FileExtractor
  beforeAll(() => {
    programs = compile('src/extract/worker.ts')
    isolated = createIsolatedExtractor({
      script: join(programs.folder, 'src/extract/worker.js'),
      limits,
      isolation: { timeoutMs: 10_000, maxHeapBytes: 512 << 20, maxMemoryBytes: 640 << 20 },
      workers: 1,
    })
  })
  afterAll(async () => {
    await isolated.close()
    programs.discard()
  })

  describe.each(files)('$format', ({ format, name, build, contains }) => {
    const bytes = build()

    test('is read as it is', async () => {
      const result = await extractFile(bytes, { name, limits })
      expect(isSkipped(result) ? result : result.documents.map(({ text }) => text).join('')).toContain(
        contains,
      )
    })

    test(`damaged in ${mutants} ways gives a result or a reason`, async () => {
      for (let seed = 1; seed <= mutants; seed++) {
        const mutant = mutate(bytes, seed)
        expect(mutant.length).toBeLessThan(maxMutantBytes)
        const result = mayHang.has(format)
          ? await isolated.extractFile(mutant, { name })
          : await extractFile(mutant, { name, limits })
        expectResult(result)
      }
    }, 120_000)
  })
}
