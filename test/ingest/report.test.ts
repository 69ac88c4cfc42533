import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { IndexProgress } from '../../src/ingest/report.js'
import { addFiles, tempFolder, walkAll } from '../files/temp-folder.js'
import { documentsOf, openWorkbench, type Workbench } from './workbench.js'

/** What a file may hold: texts that are unique or shared, and what is skipped. */
const CONTENTS = {
  shared: '# Shared\n\nThe same words in every copy.',
  other: '# Other\n\nOther words, in many copies too.',
  empty: '',
  blank: ' \n ',
  print: '%!PS-Adobe-3.0\n',
  secret: `-----BEGIN PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA7bq0'.repeat(3)}\n-----END PRIVATE KEY-----`,
} as const
const READABLE = new Set<string>([CONTENTS.shared, CONTENTS.other])

const uri = fc.constantFrom('a.txt', 'b.md', 'c.txt', 'd/a.txt', 'd/b.md', 'd/e/f.txt', 'id_rsa', '.hidden')
const content = fc.oneof(fc.constantFrom(...Object.values(CONTENTS)), fc.stringMatching(/^[a-z]{3,9}$/))
/** A round changes some files (undefined removes one) and indexes. */
const rounds = fc.array(
  fc.dictionary(uri, fc.option(content, { nil: undefined }), { minKeys: 1, noNullPrototype: true }),
  { minLength: 1, maxLength: 4 },
)

function isIndexed(uri: string, text: string): boolean {
  return uri !== 'id_rsa' && uri !== '.hidden' && (READABLE.has(text) || /^[a-z]+$/.test(text))
}

/** The texts and passages that a run told of. */
function sumOf(events: readonly IndexProgress[]): { embedded: number; chunks: number; indexed: number } {
  const sum = { embedded: 0, chunks: 0, indexed: 0 }
  for (const event of events) {
    if (event.type === 'embedded') sum.embedded += event.texts
    if (event.type !== 'indexed') continue
    sum.indexed++
    sum.chunks += event.chunks
  }
  return sum
}

async function checkRun(bench: Workbench, root: string, files: ReadonlyMap<string, string>): Promise<void> {
  const before = bench.embedder.sent.length
  const { report, events } = await bench.indexWithEvents(root, { force: true })
  const walked = await walkAll(root)
  const found = walked.files.length + walked.skipped.length
  expect(report.indexed + report.unchanged + report.kept + report.skipped).toBe(found)
  expect(report.ignored).toBe(walked.ignored.length)

  const wanted = [...files].filter(([uri, text]) => isIndexed(uri, text)).map(([uri]) => uri)
  expect([...(await documentsOf(bench.store)).keys()].toSorted()).toEqual(wanted.toSorted())
  const skipped = [...files.keys()].filter((uri) => !wanted.includes(uri))
  expect(report.skippedFiles.map(({ uri }) => uri)).toEqual(skipped.toSorted())
  expect(report.skipped).toBe(skipped.length)

  expect(events[0]).toMatchObject({ type: 'found', files: walked.files.length })
  expect(sumOf(events)).toEqual({
    embedded: report.embedded,
    chunks: report.chunks,
    indexed: report.indexed,
  })
  expect(bench.embedder.sent.length - before).toBe(report.embedded)
  expect(await bench.store.collections()).toMatchObject([{ name: basename(root), documents: wanted.length }])
  const counts = await bench.store.counts()
  expect(counts.embedded).toBe(counts.chunks)

  // The same again: nothing to do, and the same files told as skipped.
  const again = await bench.index(root, { force: false }).catch((error: unknown) => error)
  if (found === 0) return
  expect(again).toMatchObject({
    indexed: 0,
    unchanged: wanted.length,
    kept: 0,
    removed: 0,
    embedded: 0,
    skippedFiles: report.skippedFiles,
  })
}

describe('the report', () => {
  test('adds up over any changes, and so does what was told on the way', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, async (changes) => {
        const root = await tempFolder()
        const bench = await openWorkbench()
        const files = new Map<string, string>()
        for (const change of changes) {
          for (const [uri, text] of Object.entries(change)) {
            if (text === undefined) {
              files.delete(uri)
              await rm(join(root, uri), { force: true })
            } else {
              files.set(uri, text)
              await addFiles(root, { [uri]: text })
            }
          }
          await checkRun(bench, root, files)
        }
        await bench.store.close()
      }),
      { numRuns: 8 },
    )
  })
})
