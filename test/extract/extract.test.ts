import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { extractFile } from '../../src/extract/extract.js'
import { isSkipped } from '../../src/extract/extractor.js'
import { limitText } from '../../src/extract/limit-text.js'
import { looksLikeHtml, sniffFormat } from '../../src/extract/sniff.js'
import { encodeUtf16 } from './encode-legacy.js'
import { bytesOf, documentOf, expectSound, limits } from './expect-sound.js'

const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))
const zip = (entry: string) =>
  latin1(`PK\x03\x04${'\0'.repeat(22)}${String.fromCharCode(entry.length)}\0\0\0${entry}`)

describe('extractFile', () => {
  test.each([
    ['notes.md', '# A', 'text/markdown'],
    ['UPPERCASE.MD', '# A', 'text/markdown'],
    ['README', 'plain words', 'text/plain'],
    ['a.rst', 'plain words', 'text/x-rst'],
    ['a.htm', '<p>words', 'text/html'],
    ['a.csv', 'a,b\n1,2', 'text/csv'],
    ['a.JSON', '{"a":"words"}', 'application/json'],
    ['a.yml', 'a: words', 'application/yaml'],
    ['a.toml', 'a = "words"', 'application/toml'],
    ['a.svg', '<svg><text>words</text></svg>', 'image/svg+xml'],
    ['a.eml', 'Subject: words\n\nmore', 'message/rfc822'],
    ['a.srt', '1\n00:00:01,000 --> 00:00:02,000\nwords', 'application/x-subrip'],
    ['a.css', 'p { color: red }', 'text/css'],
    ['Dockerfile', 'FROM node', 'text/x-dockerfile'],
    ['list.txt', '{"a": 1}', 'text/plain'],
    ['mails.txt', 'From a@b.c Thu Mar 14 09:26:53 2024\nSubject: a\n\nwords', 'text/plain'],
    ['table.csv', '<!doctype html><p>words', 'text/html'],
    ['data.json', '<!doctype html><p>words', 'text/html'],
    ['saved.pdf', '\n<!-- c --><!DOCTYPE html><p>words', 'text/html'],
    ['page.md', '<html><p>words', 'text/html'],
  ])('%s is read as its content, then its name, says', async (name, source, type) => {
    expect(documentOf(await extractFile(bytesOf(source), { name, limits })).type).toBe(type)
  })

  test.each([
    ['empty.pdf', bytesOf(''), 'EMPTY', /empty/],
    ['bom.txt', bytesOf('\ufeff'), 'EMPTY', /white space/],
    ['bom16.txt', encodeUtf16('\ufeff \n', 'le'), 'EMPTY', /white space/],
    ['blank.md', bytesOf(' \n\t\n'), 'EMPTY', /white space/],
    ['invisible.md', bytesOf('\u200b\u200d\ufeff'.repeat(3000)), 'EMPTY', /white space/],
    ['meta.md', bytesOf('---\na: 1\n---\n'), 'NO_TEXT', /no text/],
    ['nul.md', bytesOf('# a\0b\n'), 'BINARY', /NUL/],
    ['a.md', latin1('%!PS-Adobe-3.0'), 'UNSUPPORTED', /PostScript/],
    ['a.txt', latin1('II*\0'), 'UNSUPPORTED', /TIFF/],
    ['a.zip', zip('word/document.xml'), 'PARSE_ERROR', /ZIP/],
    ['a.zip', zip('password/list.txt'), 'UNSUPPORTED', /ZIP/],
    ['a.docx', zip('other'), 'PARSE_ERROR', /ZIP/],
    ['a.docx', bytesOf('just words'), 'PARSE_ERROR', /ZIP/],
    ['a.rtf', bytesOf('just words'), 'UNSUPPORTED', /\.rtf/],
    ['a.doc', latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), 'PARSE_ERROR', /OLE/],
    ['a.bmp', bytesOf('words'), 'UNSUPPORTED', /[Ii]mages/],
    ['poetry.lock', bytesOf('words'), 'UNSUPPORTED', /[Ss]ettings/],
    ['a/package-lock.json', bytesOf('{"a": "words"}'), 'UNSUPPORTED', /Lock files/],
    ['pnpm-lock.yaml', bytesOf('a: words'), 'UNSUPPORTED', /Lock files/],
    ['a.xyz', bytesOf('words'), 'UNSUPPORTED', /\.xyz/],
    ['a.xyz', Uint8Array.of(1, 2, 0, 3, 4, 0, 0, 200), 'BINARY', /NUL/],
    ['.bashrc', bytesOf('alias a=b'), 'UNSUPPORTED', /[Hh]idden/],
  ])('%s is skipped', async (name, bytes, skipped, message) => {
    const result = await extractFile(bytes, { name, limits })
    expect(result).toEqual({ skipped, message: expect.stringMatching(message) })
  })

  test('never throws but CANCELLED', async () => {
    const name = fc.constantFrom(
      ...'a.md a.txt a.html a a.pdf a.xyz a.org a.csv a.json a.jsonl a.xml a.toml a.srt a.ipynb'.split(' '),
    )
    const start = fc.constantFrom('', '<html>', '---\n', '\xff\xfe', '# ', 'PK\x03\x04', '\xef\xbb\xbf')
    await fc.assert(
      fc.asyncProperty(name, start, fc.uint8Array({ maxLength: 200 }), async (file, first, bytes) => {
        const result = await extractFile(Buffer.concat([latin1(first), bytes]), { name: file, limits })
        if (isSkipped(result)) expect(result.message).not.toBe('')
        else for (const document of result.documents) expectSound(document)
      }),
      { numRuns: 500 },
    )
    const cancelled = extractFile(bytesOf('x'), { name: 'a.md', limits, signal: AbortSignal.abort() })
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('limitText', () => {
  const text = `${'a'.repeat(60)}\n\n${'b'.repeat(20)}\n${'c'.repeat(60)}`
  const extracted = {
    text,
    blocks: [
      { kind: 'text', start: 0, end: 60, location: { kind: 'lines', start: 1, end: 1 } },
      { kind: 'text', start: 62, end: 143, location: { kind: 'lines', start: 3, end: 4 } },
    ],
    metadata: { a: 1 },
    type: 'text/plain',
  } as const

  test('leaves a text within the limit as it is', () => {
    expect(limitText(extracted, { maxChars: text.length })).toBe(extracted)
  })

  test('cuts after a block', () => {
    const cut = limitText(extracted, { maxChars: 100 })
    expect(cut.text).toBe('a'.repeat(60))
    expect(cut.blocks).toEqual(extracted.blocks.slice(0, 1))
    expect(cut).toMatchObject({ metadata: { a: 1 }, truncated: 'Only the first 100 characters were read' })
  })

  test('cuts within a block that would take most with it, with its lines', () => {
    const long = {
      ...extracted,
      blocks: [{ ...extracted.blocks[1], start: 0, location: { kind: 'lines', start: 1, end: 4 } }],
    } as const
    const cut = limitText(long, { maxChars: 85 })
    expect(cut.text).toBe(text.slice(0, 82))
    expect(cut.blocks).toMatchObject([{ start: 0, end: 82, location: { start: 1, end: 3 } }])
  })

  test('cuts a table by its rows', () => {
    const table = {
      kind: 'table',
      start: 0,
      end: 143,
      location: { kind: 'sheet', name: 'S', rows: [5, 8] },
    } as const
    const cut = limitText({ ...extracted, blocks: [table] }, { maxChars: 85 })
    expect(cut.blocks).toMatchObject([{ location: { kind: 'sheet', name: 'S', rows: [5, 7] } }])
  })

  test('does not cut a character in two', () => {
    const emoji = '😀'.repeat(10)
    const block = { kind: 'text', start: 0, end: 20, location: { kind: 'lines', start: 1, end: 1 } } as const
    const cut = limitText({ text: emoji, blocks: [block], metadata: {}, type: 'text/plain' }, { maxChars: 5 })
    expect(cut.text).toBe('😀😀')
  })
})

describe('sniffing', () => {
  test.each([
    ['BZh is how some words begin, and this is text', undefined],
    ['ID3 tags explained', undefined],
    ['GIF89a\x01\0', 'gif'],
    ['BZh91AY&SY\xd5', 'bzip2'],
    ['RIFF\x24\0\0\0WEBPVP8 ', 'webp'],
    ['\0\0\0\x20ftypmp42', 'mp4'],
    ['SQLite format 3\0', 'sqlite'],
    ['{\\rtf1', 'rtf'],
    ['', undefined],
  ])('%j', (head, id) => {
    expect(sniffFormat(latin1(head))?.id).toBe(id)
  })

  test.each([
    ['<!DOCTYPE HTML PUBLIC "-//W3C">', true],
    ['<?xml version="1.0"?>\n<html xmlns="x">', true],
    ['<!doctype htmlx>', false],
    ['<htmlish>', false],
    ['about <html>', false],
    ['<?xml version="1.0"?><rss>', false],
  ])('HTML: %j', (head, expected) => {
    expect(looksLikeHtml(latin1(head))).toBe(expected)
    expect(looksLikeHtml(encodeUtf16(`\ufeff${head}`, 'le'))).toBe(expected)
  })
})
