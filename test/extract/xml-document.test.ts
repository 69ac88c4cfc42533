import { describe, expect, test } from 'vitest'
import { xmlExtractor } from '../../src/extract/data/xml-document.js'
import type { Extraction } from '../../src/extract/extractor.js'
import { describeExtractor } from '../contract/extractor.js'
import { encodeLegacy } from './encode-legacy.js'
import { bytesOf, expectSound, extractedOf, limits, outline, textOf } from './expect-sound.js'

async function read(source: string, name = 'a.xml'): Promise<Extraction> {
  const extracted = extractedOf(await xmlExtractor.extract(bytesOf(source), { name, limits }))
  expectSound(extracted)
  return extracted
}

const headings = ({ blocks }: Extraction) =>
  blocks.flatMap(({ level, heading }) => (heading ? `${level} ${heading}` : []))

describeExtractor('xmlExtractor', xmlExtractor, {
  name: 'lamps.xml',
  bytes: bytesOf('<lamps><lamp id="north"><keeper>Anna</keeper></lamp></lamps>'),
  contains: 'keeper: Anna',
})

describe('records', () => {
  test('have their name, their attributes and a line for each field, located in the source', async () => {
    const extracted = await read(
      [
        '<?xml version="1.0"?>',
        '<!-- not read -->',
        '<catalog xmlns="urn:books">',
        '  <book id="bk101" status="in print">',
        '    <dc:author>Gambardella, Matthew</dc:author>',
        '    <title lang="en">Developer&apos;s   Guide</title>',
        '    <price>44.95</price>',
        '    <empty/>',
        '  </book>',
        '  <book id="bk102">',
        '    <title>Midnight Rain</title>',
        '    <note><![CDATA[a < b]]></note>',
        '  </book>',
        '</catalog>',
      ].join('\n'),
    )
    expect(textOf(extracted).filter((text) => text !== '')).toEqual([
      "id: bk101 | status: in print\nauthor: Gambardella, Matthew\ntitle: Developer's Guide | lang: en\nprice: 44.95",
      'Midnight Rain',
      'id: bk102\nnote: a < b',
    ])
    expect(headings(extracted)).toEqual(['1 book bk101', '1 Midnight Rain'])
    expect(outline(extracted)).toEqual(['heading1 4-4', 'table 4-7', 'heading1 10-10', 'table 10-12'])
  })

  test('that are attributes only are read where these hold words', async () => {
    const { text } = await read(
      '<project><ref Include="Lamps.Core" Version="1.0"/><point x="1" y="2"/></project>',
    )
    expect(text).toBe('ref: Include: Lamps.Core | Version: 1.0')
  })
})

describe('documents', () => {
  test('have titles as headings, paragraphs with what stands within them, and lists', async () => {
    const extracted = await read(`<article>
 <title>Lamps</title>
 <para>Lit at <emphasis>dusk</emphasis>, see <link href="x">the rules</link>.</para>
 <section><title>Oil</title>
  <itemizedlist><listitem><para>whale</para></listitem><listitem><para>rape &amp; olive</para></listitem></itemizedlist>
  <section><title>Price</title><para>It rose.</para></section>
 </section>
 <section><title>Wicks</title><para>Of cotton.</para></section>
</article>`)
    expect(extracted.title).toBe('Lamps')
    expect(headings(extracted)).toEqual(['1 Lamps', '1 Oil', '2 Price', '1 Wicks'])
    expect(textOf(extracted)).toEqual([
      'Lamps',
      'Lit at dusk, see the rules.',
      'Oil',
      'whale',
      'rape & olive',
      'Price',
      'It rose.',
      'Wicks',
      'Of cotton.',
    ])
  })

  test('in the encoding that they declare', async () => {
    const source = '<?xml version="1.0" encoding="windows-1251"?><a><b>Да</b></a>'
    const result = await xmlExtractor.extract(encodeLegacy(source, 'windows-1251'), { name: 'a.xml', limits })
    expect(extractedOf(result).text).toBe('b: Да')
  })
})

describe('feeds', () => {
  test('of RSS have an item a section, with date, tags and address, HTML read as such', async () => {
    const extracted =
      await read(`<rss version="2.0"><channel><title>Harbour news</title><language>en</language>
<lastBuildDate>Thu, 14 Mar 2024 09:00:00 GMT</lastBuildDate><image><title>Logo</title></image>
<item><title>Lamps &amp;amp; oil</title><link>https://example.org/1</link><pubDate>Wed, 13 Mar 2024 09:00:00 +0100</pubDate>
<dc:creator>Anna</dc:creator><category>oil</category><category>oil</category>
<description>Short.</description><content:encoded><![CDATA[<p>Oil is <b>dear</b>.</p><ul><li>whale</li></ul>]]></content:encoded></item>
<item><description>Only words</description></item></channel></rss>`)
    expect(extracted).toMatchObject({
      title: 'Harbour news',
      type: 'application/rss+xml',
      metadata: { language: 'en', modified: '2024-03-14T09:00:00.000Z' },
    })
    expect(textOf(extracted)).toEqual([
      'Lamps & oil',
      'Date: 2024-03-13T08:00:00.000Z\nAuthor: Anna\nTags: oil\nLink: https://example.org/1',
      'Oil is dear.',
      '- whale',
      'Only words',
    ])
    expect(outline(extracted)).toEqual(['heading1 3-5', 'text 3-5', 'text 3-5', 'list 3-5', 'text 6-6'])
  })

  test('of Atom have their own names for the same', async () => {
    const extracted = await read(
      `<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><author><name>Zoe</name></author>
<entry><title type="html">A &lt;b&gt;bold&lt;/b&gt; title</title><link href="https://example.org/1"/><link rel="self" href="x"/>
<updated>2024-01-02T00:00:00Z</updated><author><name>Ann</name></author><category term="oil"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hello <i>there</i></p></div></content></entry></feed>`,
      'news.atom',
    )
    expect(extracted).toMatchObject({ title: 'News', metadata: { author: 'Zoe' } })
    expect(textOf(extracted)).toEqual([
      'A bold title',
      'Date: 2024-01-02T00:00:00.000Z\nAuthor: Ann\nTags: oil\nLink: https://example.org/1',
      'Hello there',
    ])
  })
})

test('a drawing gives its title, description and texts', async () => {
  const extracted = await read(
    '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><title>Harbour</title><script>evil()</script>\n<g><text>North\n <tspan>light</tspan></text></g><path d="M0 0"/></svg>',
    'a.svg',
  )
  expect(extracted).toMatchObject({ title: 'Harbour', type: 'image/svg+xml' })
  expect(textOf(extracted)).toEqual(['Harbour', 'North light'])
  expect(outline(extracted)).toEqual(['text 1-1', 'text 2-3'])
})

describe('what is not read', () => {
  test.each([
    ['no XML', 'words only', 'TYPE_MISMATCH'],
    ['elements without text', '<a><b x="1"/></a>', 'NO_TEXT'],
  ])('%s', async (_, source, skipped) => {
    expect(await xmlExtractor.extract(bytesOf(source), { name: 'a.xml', limits })).toMatchObject({ skipped })
  })

  test.each([
    ['entities', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 'XML_FORBIDDEN'],
    ['depth', '<a>'.repeat(1000), 'TOO_DEEP'],
  ])('%s', async (_, source, reason) => {
    const extracting = xmlExtractor.extract(bytesOf(source), { name: 'a.xml', limits })
    await expect(extracting).rejects.toMatchObject({ reason })
  })

  test.each([
    ['a flat list', `<list>${'<word>lamp</word>'.repeat(10_000)}</list>`],
    ['records', `<list>${'<rec id="north"><word>lamp</word></rec>'.repeat(10_000)}</list>`],
    ['attributes', `<list>${'<rec name="lamp"/>'.repeat(10_000)}</list>`],
    ['one text', `<list>${'lamp '.repeat(10_000)}</list>`],
  ])('what lies behind the limit: %s', async (_, source) => {
    const result = await xmlExtractor.extract(bytesOf(source), {
      name: 'a.xml',
      limits: { ...limits, maxChars: 1000 },
    })
    expect(extractedOf(result).blocks.length).toBeLessThan(500)
    expect(extractedOf(result).text.length).toBeLessThan(60_000)
  })
})
