import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { isSkipped, type Skipped } from '../../src/extract/extractor.js'
import {
  createIsolatedExtractor,
  type FileExtractor,
  type IsolationLimits,
} from '../../src/extract/isolated-extractor.js'
import { type Compiled, compile } from '../store/sqlite/compile.js'
import { bytesOf, documentOf, limits } from './expect-sound.js'

/** Above the size that is read in this process. */
const large = bytesOf('words '.repeat(60_000))
const isolation: IsolationLimits = {
  timeoutMs: 20_000,
  maxHeapBytes: 64 << 20,
  maxMemoryBytes: 250 << 20,
}

let programs: Compiled
beforeAll(() => {
  programs = compile('test/extract/misbehaving-worker.ts', 'src/extract/worker.ts')
})
afterAll(() => programs.discard())

function open(script: string, changed: Partial<IsolationLimits> = {}, workers = 1): FileExtractor {
  const extractor = createIsolatedExtractor({
    script: join(programs.folder, script),
    limits,
    isolation: { ...isolation, ...changed },
    workers,
  })
  onTestFinished(() => extractor.close())
  return extractor
}

const misbehaving = (changed?: Partial<IsolationLimits>) =>
  open('test/extract/misbehaving-worker.js', changed)

async function skipOf(extractor: FileExtractor, name: string): Promise<Skipped> {
  const result = await extractor.extractFile(large, { name })
  if (!isSkipped(result)) throw new Error('it was read')
  return result
}

describe('a worker that', () => {
  test.each([
    [
      'loops',
      'loop',
      { timeoutMs: 5_000 },
      { skipped: 'TIMEOUT', message: 'Reading it took longer than 5 s' },
    ],
    ['fills its heap', 'heap', {}, { skipped: 'TOO_LARGE', message: expect.stringContaining('memory') }],
    ['fills buffers', 'buffers', {}, { skipped: 'TOO_LARGE', message: expect.stringContaining('250 MB') }],
    ['crashes', 'crash', {}, { skipped: 'PARSE_ERROR', message: expect.stringContaining('crashed') }],
    ['ends', 'exit', {}, { skipped: 'PARSE_ERROR', message: expect.stringContaining('crashed') }],
  ])('%s costs that file and no other', async (_, name, changed, expected) => {
    const extractor = misbehaving(changed)
    const before = skipOf(extractor, 'before')
    const bad = skipOf(extractor, name)
    const after = skipOf(extractor, 'after')
    expect(await before).toMatchObject({ message: expect.stringMatching(/^before, 360000 bytes/) })
    expect(await bad).toEqual(expected)
    expect(await after).toMatchObject({ message: expect.stringMatching(/^after, 360000 bytes/) })
  })

  test('looks around sees no key', async () => {
    process.env.GOOGLE_API_KEY = 'canary-key'
    onTestFinished(() => {
      delete process.env.GOOGLE_API_KEY
    })
    expect((await skipOf(misbehaving(), 'environment')).message).not.toContain('canary-key')
  })
})

describe('the extraction of files', () => {
  test('gives the same in a worker as in this process', async () => {
    const extractor = open('src/extract/worker.js')
    const isolated = documentOf(await extractor.extractFile(large, { name: 'a.txt' }))
    expect(isolated.text).toBe('words '.repeat(60_000))
    const small = documentOf(await extractor.extractFile(bytesOf('# Small'), { name: 'a.md' }))
    expect(small).toMatchObject({ title: 'Small', type: 'text/markdown' })
  })

  test('stops when it is cancelled, even a loop', async () => {
    const extractor = misbehaving()
    const controller = new AbortController()
    const loop = extractor.extractFile(large, { name: 'loop', signal: controller.signal })
    setTimeout(() => controller.abort(), 300)
    await expect(loop).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(
      extractor.extractFile(large, { name: 'a', signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'CANCELLED' })
    expect((await skipOf(extractor, 'after')).message).toMatch(/^after/)
  })

  test('can go on after it was closed', async () => {
    const extractor = misbehaving()
    await skipOf(extractor, 'a')
    await extractor.close()
    expect((await skipOf(extractor, 'b')).message).toMatch(/^b/)
  })
})
