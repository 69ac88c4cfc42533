import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { htmlExtractor } from '../../src/extract/html/html.js'
import type { Extracted } from '../../src/types.js'
import { describeExtractor } from '../contract/extractor.js'
import { encodeLegacy } from './encode-legacy.js'
import { bytesOf, expectSound, extractedOf, limits, outline, textOf } from './expect-sound.js'

async function read(source: string): Promise<Extracted> {
  return extractedOf(await htmlExtractor.extract(bytesOf(source), { name: 'a.html', limits }))
}

async function wordsOf(body: string): Promise<string[]> {
  return textOf(await read(`<!doctype html><body>${body}`))
}

describeExtractor('htmlExtractor', htmlExtractor, {
  name: 'page.html',
  bytes: bytesOf(
    '<!doctype html><html lang=en><title>Walrus</title><body><h1>Walrus</h1><p>The protocol needs two keys.<p>More text here, for the cut.',
  ),
  contains: 'needs two keys',
})

describe('blocks', () => {
  test('one for each heading, paragraph, list, table and code, with source lines', async () => {
    const extracted = await read(
      [
        '<!doctype html><html><body>',
        '<h1>Ducks &amp; <em>geese</em></h1>',
        '<p>They   swim',
        '  well<br>and fly.</p>',
        '<ul><li>Mallard<li>Teal<ol><li>green<li>grey</ol></ul>',
        '<table><caption>Sizes</caption>',
        '<tr><th>Name<th>cm',
        '<tr><td>Teal<td>36</table>',
        '<pre><code>const duck = 1',
        '  quack()</code></pre>',
        '<blockquote>Said <a href="https://x.y">somebody</a></blockquote>',
        '<dl><dt>Drake<dd>A male.</dl>',
      ].join('\n'),
    )
    expect(textOf(extracted)).toEqual([
      'Ducks & geese',
      'They swim well\nand fly.',
      '- Mallard\n- Teal\n  1. green\n  2. grey',
      'Sizes\nName | cm\nTeal | 36',
      'const duck = 1\n  quack()',
      'Said somebody',
      'Drake\n  A male.',
    ])
    expect(outline(extracted)).toEqual([
      'heading1 2-2',
      'text 3-4',
      'list 5-5',
      'table 6-8',
      'code 9-10',
      'text 11-11',
      'list 12-12',
    ])
    expect(extracted.text).toBe(textOf(extracted).join('\n\n'))
  })

  test('inline elements do not part words, block elements do', async () => {
    expect(await wordsOf('<p>H<sub>2</sub>O<div>a<b>b</b> <i>c</i></div>d')).toEqual(['H2O', 'ab c', 'd'])
  })

  test('code, tables and headings within a list stand alone', async () => {
    expect(await wordsOf('<ol><li>Run:<pre>npm i\nnpm t</pre><li><p>Then</p><p>wait</ol>')).toEqual([
      '1. Run:',
      'npm i\nnpm t',
      '2. Then\nwait',
    ])
  })

  test('a cell that spans rows is repeated', async () => {
    expect(await wordsOf('<table><tr><td rowspan=2>2025<td>May<td>1<tr><td>June<td>2</table>')).toEqual([
      '2025 | May | 1\n2025 | June | 2',
    ])
  })

  test('tables for layout are read like the rest of the page', async () => {
    expect(
      await wordsOf('<table><tr><td><h2>Left</h2><p>Text<td><table><tr><td>a<td>b</table></table>'),
    ).toEqual(['Left', 'Text', 'a | b'])
  })
})

describe('content', () => {
  const article = 'Ducks are birds that swim in ponds and lakes all over the world. '.repeat(3)

  test('what is hidden or no content is dropped', async () => {
    const body = `<nav>Menu</nav><header>Site name</header><aside>Ad</aside><script>x()</script><style>p{}</style><noscript>No</noscript>
      <template>T</template><svg><text>S</text></svg><button>Buy</button><select><option>O</select><textarea>A</textarea>
      <p hidden>H</p><p aria-hidden=true>I</p><p style="color:red; display: none">D</p><div role=navigation>N</div>
      <p>${article}</p><footer>Imprint</footer>`
    expect(await wordsOf(body)).toEqual([article.trim()])
  })

  test.each([
    ['<main>', `<div>Other</div><main><header><h1>Ducks</h1></header><p>${article}</main><div>Other</div>`],
    ['role=main', `<div>Other</div><div role=main><h1>Ducks</h1><p>${article}</div>`],
    ['a single article', `<div>Other</div><article><h1>Ducks</h1><p>${article}</article>`],
    ['a known container', `<div>Other</div><div class="col entry-content"><h1>Ducks</h1><p>${article}</div>`],
  ])('%s is the content', async (_, body) => {
    expect(await wordsOf(body)).toEqual(['Ducks', article.trim()])
  })

  test('a container that holds too little is not the content', async () => {
    expect(await wordsOf(`<main>Loading</main><p>${article}`)).toEqual(['Loading', article.trim()])
  })

  test('two articles are both content; a header with the page heading is kept', async () => {
    const words = await wordsOf(
      '<header><nav>Menu</nav><h1>News</h1></header><article>One</article><article>Two</article>',
    )
    expect(words).toEqual(['News', 'One', 'Two'])
  })

  test('a page without visible text is no-text', async () => {
    const result = await htmlExtractor.extract(bytesOf('<!doctype html><script>x</script>'), {
      name: 'a.html',
      limits,
    })
    expect(result).toMatchObject({ skipped: 'NO_TEXT' })
  })
})

describe('title and metadata', () => {
  test.each([
    ['<title>Duck - Wikipedia</title><h1>Duck</h1>', 'Duck'],
    ['<title>Pros | Cons - A study</title><h1>Other</h1>', 'Pros | Cons - A study'],
    ['<title>Ducks | Ducks</title><h1>Class Ducks</h1>', 'Ducks'],
    ['<meta property=og:site_name content=Site><title>Ducks | Site</title><p>x', 'Ducks'],
    ['<meta property=og:title content="Real"><title>Real :: S</title><p>x', 'Real'],
    ['<title> </title><h1>Heading <a class=hash-link href=#x>#</a></h1>', 'Heading'],
    ['<svg><title>Icon</title></svg><p>x', undefined],
  ])('%s', async (source, title) => {
    expect((await read(`<!doctype html>${source}`)).title).toBe(title)
  })

  test('from meta elements', async () => {
    const { metadata } = await read(
      '<html lang="pt_BR"><meta name=description content="On  ducks"><meta name=author content=Ana><meta name=keywords content="duck, bird,"><meta property="article:published_time" content="2023-04-21"><p>x',
    )
    expect(metadata).toEqual({
      description: 'On ducks',
      author: 'Ana',
      keywords: ['duck', 'bird'],
      language: 'pt-BR',
      published: '2023-04-21',
    })
  })
})

describe('encoding', () => {
  test.each([
    ['windows-1251', '<meta charset="windows-1251"><p>Да'],
    ['koi8-r', '<meta http-equiv=Content-Type content="text/html; charset=koi8-r"><p>Да'],
    ['shift_jis', '<meta charset=shift_jis><p>漢'],
  ])('%s as the page declares it', async (encoding, source) => {
    const result = await htmlExtractor.extract(encodeLegacy(source, encoding), { name: 'a.html', limits })
    expect(extractedOf(result).text).toBe(source.slice(source.indexOf('<p>') + 3))
  })
})

/** A step that costs the square of the page's size would need minutes, beyond the limit of any test. */
describe('pages made to be slow are read', () => {
  test.each([
    ['100,000 nested elements', '<div>'.repeat(100_000)],
    ['50,000 nested lists', '<ul><li>a'.repeat(50_000)],
    ['20,000 nested tables', '<table><tr><td>a'.repeat(20_000)],
    ['100,000 spans in a paragraph', `<p>${'<span>a </span>'.repeat(100_000)}`],
    ['many cells spanning many rows', `<table>${`<tr>${'<td rowspan=60000>a'.repeat(5)}`.repeat(5000)}`],
    ['a title of 400,000 characters', `<title>${' - a'.repeat(100_000)}</title>`],
  ])('%s', async (_, source) => {
    expectSound(await read(`<!doctype html>${source}x`))
  })
})

test('sound for any tag soup', async () => {
  const tags =
    'div p ul li ol dl dt dd table tr td th caption pre h1 h2 main article header footer nav b br span blockquote title html body'
  const piece = fc.oneof(
    fc.constantFrom(...tags.split(' ').flatMap((tag) => [`<${tag}>`, `</${tag}>`])),
    fc.constantFrom('\n', ' ', 'words', '&amp;', '<!-- c -->', '<p hidden>', '&#0;', '<td rowspan=3>'),
    fc.string(),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const result = await htmlExtractor.extract(bytesOf(pieces.join('')), { name: 'a.html', limits })
      if (!('skipped' in result)) expectSound(result)
    }),
    { numRuns: 500 },
  )
})
