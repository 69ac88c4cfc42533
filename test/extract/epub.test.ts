import { describe, expect, test } from 'vitest'
import { epubExtractor } from '../../src/extract/epub/epub.js'
import { describeExtractor } from '../contract/extractor.js'
import { goodFiles } from './good-files.js'
import { archiveOf, chapterOf, epubOf, type Parts } from './office-files.js'
import { blocksOf, formatOf, placeOf, readOffice, skipOf } from './read-office.js'

const good = goodFiles.find(({ format }) => format === 'epub')
if (good === undefined) throw new Error('no good file')
describeExtractor('epubExtractor', epubExtractor, { ...good, bytes: good.build() })

const read = (bodies: readonly string[], metadata = '', more: Parts = {}) =>
  readOffice(
    epubExtractor,
    epubOf(
      bodies.map((body, i) => ({ name: `text/c ${i}.xhtml`, source: chapterOf(body) })),
      metadata,
      more,
    ),
  )
const encrypted = (algorithm: string, file: string) =>
  `<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod Algorithm="${algorithm}"/><enc:CipherData><enc:CipherReference URI="${file}"/></enc:CipherData></enc:EncryptedData></encryption>`
const chapter = { name: 'one.xhtml', source: chapterOf('<p>locked</p>') }

describe('a book', () => {
  test('is read chapter by chapter, each under its own heading or its entry in the contents', async () => {
    const whole = await readOffice(epubExtractor, good.build())
    expect(blocksOf(whole)).toEqual([
      'heading1 Lamps',
      'text Lamps are lit at dusk',
      'heading1 <Entry 2>',
      'text Oil in barrels',
      'list - Wick',
    ])
    expect(whole).toMatchObject({
      title: 'The lamps of Stebbing',
      metadata: { author: 'Ada', language: 'en' },
      type: 'application/epub+zip',
    })
    expect(placeOf(whole, 'Wick')).toEqual({ kind: 'section', path: ['Entry 2'] })
  })

  test('keeps notes, titles in headers and what follows an empty element', async () => {
    const whole = await read([
      '<header><h2>One</h2></header><p>Text<a id="x"/> goes on</p><aside epub:type="footnote"><p>a note</p></aside><footer><p>the end</p></footer><script>zz</script><div hidden="hidden">zz</div><table><tr><td>a</td><td>b</td></tr></table><p><math><semantics><mi>x</mi><annotation>zz</annotation></semantics></math></p>',
    ])
    expect(blocksOf(whole)).toEqual([
      'heading2 One',
      'text Text goes on',
      'text a note',
      'text the end',
      'table a | b',
      'text x',
    ])
  })

  test('has its metadata under the usual names', async () => {
    const whole = await read(
      ['<p>x</p>'],
      '<dc:title>untitled</dc:title><dc:creator>Ada</dc:creator><dc:creator>Bo</dc:creator><dc:date>1901</dc:date><dc:subject>Lamps</dc:subject><dc:subject>Oil</dc:subject><dc:description>&lt;p&gt;All on lamps&lt;/p&gt;</dc:description><dc:publisher>Harrow</dc:publisher><dc:language>en_GB</dc:language><meta property="dcterms:modified">2024-01-01T00:00:00Z</meta>',
    )
    expect(whole.title).toBe('Entry 1')
    expect(whole.metadata).toEqual({
      author: ['Ada', 'Bo'],
      modified: '2024-01-01T00:00:00Z',
      language: 'en-GB',
      tags: ['Lamps', 'Oil'],
      description: 'All on lamps',
      publisher: 'Harrow',
    })
  })

  test('of before 2011 has its contents in NCX', async () => {
    const whole = await read(['<p>x</p>'], '', {
      'OPS/nav.xhtml': '',
      'OPS/toc.ncx':
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>First part</text></navLabel><content src="text/c%200.xhtml"/></navPoint></navMap></ncx>',
      'OPS/book.opf':
        '<opf:package xmlns:opf="http://www.idpf.org/2007/opf"><opf:manifest><opf:item id="a" href="text/c%200.xhtml" media-type="application/xhtml+xml"/><opf:item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/></opf:manifest><opf:spine><opf:itemref idref="a"/><opf:itemref idref="gone"/></opf:spine></opf:package>',
    })
    expect(blocksOf(whole)).toEqual(['heading1 <First part>', 'text x'])
  })

  test('with fonts made unusable elsewhere is read, one with copy protection is named as such', async () => {
    const withFont = epubOf([chapter], '', {
      'META-INF/encryption.xml': encrypted('http://www.idpf.org/2008/embedding', 'OPS/one.xhtml'),
    })
    expect((await readOffice(epubExtractor, withFont)).text).toBe('locked')
    const locked = epubOf([chapter], '', {
      'META-INF/encryption.xml': encrypted('x#aes256', 'OPS/one.xhtml'),
    })
    expect(await skipOf(epubExtractor, locked)).toEqual({ skipped: 'ENCRYPTED' })
  })

  test('says how many chapters it left out', async () => {
    const chapters = ['a', 'b', 'c'].map((name) => ({
      name: `${name}.xhtml`,
      source: chapterOf(`<p>${name}</p>`),
    }))
    const whole = await readOffice(epubExtractor, epubOf(chapters), { maxParts: 2 })
    expect(whole.truncated).toBe('Only the first 2 of 3 chapters were read')
    expect(whole.text).toBe('a\n\nb')
  })

  test.each<[string, Uint8Array, string]>([
    ['without words', epubOf([{ name: 'a.xhtml', source: chapterOf('') }]), 'NO_TEXT'],
    ['without a package', archiveOf({ mimetype: 'application/epub+zip' }), 'PARSE_ERROR'],
    ['of words', new TextEncoder().encode('words'), 'PARSE_ERROR'],
  ])('%s is skipped', async (_, bytes, skipped) => {
    expect(await skipOf(epubExtractor, bytes)).toEqual({ skipped })
  })

  test('is known by its content', () => expect(formatOf('a.zip', good.build())).toBe('EPUB'))
})
