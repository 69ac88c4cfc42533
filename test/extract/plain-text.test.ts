import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainTextExtractor } from '../../src/extract/plain/plain-text.js'
import type { Extracted } from '../../src/types.js'
import { describeExtractor } from '../contract/extractor.js'
import { bytesOf, expectSound, extractedOf, limits, outline, textOf } from './expect-sound.js'

async function read(source: string, name = 'a.txt'): Promise<Extracted> {
  return extractedOf(await plainTextExtractor.extract(bytesOf(source), { name, limits }))
}

describeExtractor('plainTextExtractor', plainTextExtractor, {
  name: 'notes.txt',
  bytes: bytesOf('Walrus protocol\n\nThe protocol needs two keys.\n\nMore text follows in a paragraph.\n'),
  contains: 'needs two keys',
})

describe('paragraphs', () => {
  test('are parted by blank lines and keep their lines', async () => {
    const extracted = await read('one\ntwo\n\n \t\n  three\n\n\nfour')
    expect(outline(extracted)).toEqual(['text 1-2', 'text 5-5', 'text 8-8'])
    expect(textOf(extracted)).toEqual(['one\ntwo', '  three', 'four'])
  })

  test('a log is one block without headings and title', async () => {
    const extracted = await read('Start\n=====\n10:00 up\n10:01 down\n', 'a.log')
    expect(outline(extracted)).toEqual(['text 1-4'])
    expect(extracted.title).toBeUndefined()
  })
})

describe('headings', () => {
  test.each([
    [
      'a.txt',
      'Plan\n====\nText.\n\nCosts\n-----\n\nText.',
      ['heading1 1-2', 'text 3-3', 'heading2 5-6', 'text 8-8'],
    ],
    [
      'a.rst',
      '=====\nGuide\n=====\n\nUse\n***\nText.\n\nMore\n****\n',
      ['heading1 1-3', 'heading2 5-6', 'text 7-7', 'heading2 9-10'],
    ],
    ['a.org', '#+TITLE: X\n* Top\ntext\n** Sub\n', ['text 1-1', 'heading1 2-2', 'text 3-3', 'heading2 4-4']],
    ['a.adoc', '= Guide\n\n== Use\n\nText.', ['heading1 1-1', 'heading2 3-3', 'text 5-5']],
    ['a.tex', '\\section{Use}\nText.\n\\subsection*{More}\n', ['heading3 1-1', 'text 2-2', 'heading4 3-3']],
  ])('%s', async (name, source, expected) => {
    expect(outline(await read(source, name))).toEqual(expected)
  })

  test.each([
    ['a rule far longer than the line', 'Note\n--------------------------------------\n'],
    ['a line within a paragraph', 'first line\nsecond line\n-----------\n'],
    ['two rules', '-----\n-----\n'],
    ['an Org heading in plain text', '* a bullet\n'],
  ])('no heading: %s', async (_, source) => {
    expect((await read(source)).blocks.map((block) => block.kind)).not.toContain('heading')
  })
})

describe('title', () => {
  test.each([
    ['Holiday policy\n\nEveryone gets 28 days.', 'Holiday policy'],
    ['Plan\n====\n\nText', 'Plan'],
    ['Everyone gets 28 days.\n\nMore.', undefined],
    ['Dear all,\n\nMore.', undefined],
    ['- a list\n\nMore.', undefined],
    ['one line only', undefined],
    ['first\nsecond\n\nMore', undefined],
  ])('%j', async (source, title) => {
    expect((await read(source)).title).toBe(title)
  })

  test('declared by Org and TeX', async () => {
    expect((await read('#+TITLE: My notes\n\ntext', 'a.org')).title).toBe('My notes')
    expect((await read('\\documentclass{a}\n\\title{On ducks}\n', 'a.tex')).title).toBe('On ducks')
  })
})

test('accepts its endings, no ending and no other', () => {
  const head = bytesOf('text')
  const accepted = ['a.txt', 'A.TXT', 'dir.d/README', 'a.rst', 'v1.2', 'a.log']
  const refused = ['a.py', 'a.csv', 'a.md', '.bashrc', 'a.xyz']
  for (const name of accepted) expect(plainTextExtractor.accepts({ name, head }), name).toBe(true)
  for (const name of refused) expect(plainTextExtractor.accepts({ name, head }), name).toBe(false)
})

test('sound for any text and style', async () => {
  const line = fc.oneof(fc.constantFrom('', '===', '---', '* a', '= b', 'Title', '\\section{x}'), fc.string())
  const name = fc.constantFrom('a.txt', 'a.rst', 'a.org', 'a.adoc', 'a.tex', 'a.log')
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), name, async (lines, file) => {
      const result = await plainTextExtractor.extract(bytesOf(lines.join('\n')), { name: file, limits })
      if (!('skipped' in result)) expectSound(result)
    }),
    { numRuns: 500 },
  )
})
