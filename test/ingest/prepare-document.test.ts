import { describe, expect, test } from 'vitest'
import {
  createDocumentPreparer,
  documentId,
  type PreparedDocument,
} from '../../src/ingest/prepare-document.js'
import { createHashedEmbedder } from '../../src/local/hashed-embedder.js'
import type { Extracted } from '../../src/types.js'
import { documentOf } from '../extract/expect-sound.js'
import { extractHere, longSections } from './workbench.js'

const { identity } = createHashedEmbedder()

function prepare(extracted: Extracted, uri: string, embedder = identity): PreparedDocument {
  const source = { collection: 'notes', uri, sizeBytes: 9, contentHash: 'ab', modifiedMs: 1 }
  return createDocumentPreparer(embedder)(extracted, source)
}

async function read(text: string, name = 'a.md'): Promise<Extracted> {
  return documentOf(await extractHere(Buffer.from(text), { name }))
}

const UNTITLED: Extracted = { text: 'x', blocks: [], metadata: {}, type: 'text/plain' }

describe('a prepared document', () => {
  test.each([
    ['plain.txt', 'plain'],
    ['2024-03_board-meeting.md', '2024-03 board meeting'],
    ['deep/er/opening-hours.html', 'opening hours'],
    ['report-2024-01-31.final.txt', 'report 2024-01-31.final'],
    ['__init__.txt', 'init'],
    ['___.txt', '___.txt'],
    ['README', 'README'],
  ])('without a title of its own, %s is called %s', (uri, title) => {
    expect(prepare(UNTITLED, uri).document.title).toBe(title)
  })

  test('does not take a blank title for one', () => {
    expect(prepare({ ...UNTITLED, title: ' \n' }, 'plain.txt').document.title).toBe('plain')
    expect(prepare({ ...UNTITLED, title: ' Trimmed ' }, 'plain.txt').document.title).toBe('Trimmed')
  })

  test('carries what is known of its source and what was extracted', async () => {
    const extracted = await read('---\ntags: [x]\n---\n# Title\n\nText.')
    expect(prepare(extracted, 'a.md').document).toEqual({
      id: documentId('notes', 'a.md'),
      collection: 'notes',
      uri: 'a.md',
      fileUri: 'a.md',
      title: 'Title',
      type: 'text/markdown',
      metadata: { tags: ['x'] },
      text: extracted.text,
      blocks: extracted.blocks,
      sizeBytes: 9,
      contentHash: 'ab',
      modifiedMs: 1,
      dateMs: 1,
    })
  })

  test('knows its language unless it names one, by its prose and not by its code', async () => {
    const prose = 'Die Hütte ist im Winter geschlossen, weil der Weg verschneit ist.'
    const code = '```js\nthe quick brown fox jumps over the lazy dog and then it runs away\n```\n'.repeat(5)
    const language = async (text: string) => prepare(await read(text), 'a.md').document.metadata.language
    expect(await language(`${prose}\n\n${code}`)).toBe('de')
    expect(await language(`---\nlanguage: nl\n---\n${prose}`)).toBe('nl')
    expect(await language('Ja.')).toBeUndefined()
  })

  test('says when its text was cut', () => {
    const cut = { ...UNTITLED, truncated: 'Only the first 5 of 9 pages were read' }
    expect(prepare(cut, 'a.md').document.metadata).toEqual({ truncated: true })
  })

  test('says for each passage what is embedded: its text, and the title with the headings above', async () => {
    const { chunks, inputs } = prepare(await read(longSections('# Book', '## One', '### Deep')), 'a.md')
    expect(inputs.map(({ text }) => text)).toEqual(chunks.map(({ text }) => text))
    expect([...new Set(inputs.map(({ title }) => title))]).toEqual([
      'Book',
      'Book > One',
      'Book > One > Deep',
    ])
  })

  test('says for each passage the words it is found by, stemmed, those of title and headings apart', async () => {
    const { chunks } = prepare(await read('# Opening Hours\n\nClosed on Mondays.'), 'a.md')
    expect(chunks).toHaveLength(1)
    expect(chunks[0]?.titleTerms.split(' ')).toEqual(['open', 'hour'])
    expect(chunks[0]?.textTerms.split(' ')).toEqual(['open', 'hour', 'close', 'on', 'mondai'])
  })

  test('has the same keys for the same texts, and others for another embedder, text or title', async () => {
    const keysOf = ({ chunks }: PreparedDocument) => chunks.map(({ embeddingKey }) => embeddingKey)
    const extracted = await read('# Title\n\nText.')
    const keys = keysOf(prepare(extracted, 'a.md'))
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/)
    expect(keysOf(prepare(extracted, 'other/b.md'))).toEqual(keys)
    expect(keysOf(prepare(extracted, 'a.md', { ...identity, modelId: 'other' }))).not.toEqual(keys)
    expect(keysOf(prepare(extracted, 'a.md', { ...identity, roles: 'other' }))).not.toEqual(keys)
    expect(keysOf(prepare(await read('# Title\n\nText!'), 'a.md'))).not.toEqual(keys)
    expect(keysOf(prepare({ ...extracted, title: 'Other' }, 'a.md'))).not.toEqual(keys)
  })

  test('has an id that collection and path make, and nothing else', () => {
    expect(documentId('notes', 'a.md')).toMatch(/^[0-9a-f]{16}$/)
    expect(documentId('notes', 'a.md')).toBe(documentId('notes', 'a.md'))
    const ids = [
      ['notes', 'a.md'],
      ['notes', 'b.md'],
      ['note', 'sa.md'],
      ['other', 'a.md'],
    ].map(([collection = '', uri = '']) => documentId(collection, uri))
    expect(new Set(ids).size).toBe(ids.length)
  })
})
