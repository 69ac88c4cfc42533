import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blankAddresses, blankMarkup, findInline, findNames } from '../../src/text/inline-markup.js'

const foundIn = (text: string) =>
  findInline(text).map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`)
const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim()

describe('what a line has beside its words', () => {
  test.each([
    ['links', 'a [Fastify server](./Server.md) b', '[Fastify server](./Server.md)'],
    ['links with a title', 'a [x y](<a b> "T") b', '[x y](<a b> "T")'],
    ['links whose targets have brackets', 'see [x](a_(b)) now', '[x](a_(b))'],
    ['links by reference', 'see [the text][ref] now', '[the text][ref]'],
    ['a link that the passage ends in', 'see [here](./Ser', '[here](./Ser'],
    [
      'pictures within links',
      '[![CI](https://x.org/a.svg)](https://x.org) b',
      '[![CI](https://x.org/a.svg)](https://x.org)',
    ],
  ])('%s', (_, text, link) => {
    expect(foundIn(text)).toEqual([`link: ${link}`])
  })

  test('the words of a link', () => {
    const text = 'a ![Fig. 1](x.png) b'
    expect(findInline(text).map(({ words }) => words && text.slice(words.start, words.end))).toEqual([
      'Fig. 1',
    ])
  })

  test.each(['fn[name](event)', 'so said [1][2]', '[a] (b)', 'see [x](two words)'])('no link: %s', (text) => {
    expect(foundIn(text)).toEqual([])
  })

  test('code, closed by as many backticks', () => {
    expect(foundIn('Call `a. B` or ``c`d`` or ` e `.')).toEqual([
      'code: `a. B`',
      'code: ``c`d``',
      'code: ` e `',
    ])
    expect(foundIn("It is ``quoted'' here and ``again'' there, `open")).toEqual([])
  })

  test('tags of HTML, and no others', () => {
    expect(foundIn('H<sub>2</sub>O <a href="A. B">x</a><br/> <!-- no -->')).toEqual(
      ['<sub>', '</sub>', '<a href="A. B">', '</a>', '<br/>', '<!-- no -->'].map((tag) => `tag: ${tag}`),
    )
    expect(foundIn('Array<string> and <MyButton> and 1 < 2 > 0')).toEqual([])
  })

  test('marks of notes, which character classes are not', () => {
    expect(foundIn('Said so.[^1] And /[^a-z]+/ too')).toEqual(['note: [^1]'])
  })

  test('addresses, without what closes the sentence', () => {
    expect(foundIn('(see https://Example.org/Some.Page?x=Y). Or ask.Me@Example.Org, www.x.de!')).toEqual([
      'address: https://Example.org/Some.Page?x=Y',
      'address: ask.Me@Example.Org',
      'address: www.x.de',
    ])
    expect(foundIn('at example.com/a/b, not socket.io')).toEqual(['address: example.com/a/b'])
  })

  test('names with signs that end sentences elsewhere', () => {
    const names = [
      './Server.md',
      '../Guides/Plugins.md',
      '~/.Config',
      '/search?Q=1',
      '.NET',
      '!Important',
      '2.0.Final',
    ]
    expect(foundIn(`Of ${names.join(' and ')}.`)).toEqual(names.map((name) => `name: ${name}`))
    expect(foundIn('So read().Then, list[0].First and x?.First.')).toEqual([
      'name: d().Then',
      'name: t[0].First',
      'name: x?.First',
    ])
    expect(findNames('`./A` and [x](./B)').map(({ kind }) => kind)).toEqual(['name', 'name'])
  })

  test('nothing in prose', () => {
    expect(foundIn('He said so (in 2010). She, and/or he, did not! Really? "Yes." 3.5 of 4; a: b.')).toEqual(
      [],
    )
  })
})

describe('blanks in its place', () => {
  test('leave the words where they are', () => {
    const text = 'The [Fastify **server**](./Server.md) and <b>`x`</b> at https://x.org/a[^1] end.[^2]'
    expect(squeezed(blankMarkup(text))).toBe('The Fastify **server** and `x` at https://x.org/a end.')
    expect(squeezed(blankAddresses(text))).toBe('The Fastify **server** and `x` at end.')
    expect(squeezed(blankAddresses('[![build](https://x.org/a)](https://x.org) me@x.org'))).toBe('build')
  })

  test('change no length and nothing else, in any text', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '[',
        ']',
        '](',
        '(',
        ')',
        '`',
        '``',
        '<a ',
        '</b>',
        '[^1]',
        'https://x.org/',
        ' ',
        './',
        '?.',
        'é',
        'word',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('')
        for (const blanked of [blankMarkup(text), blankAddresses(text)]) {
          expect(blanked).toHaveLength(text.length)
          for (const [i, unit] of [...blanked.split('')].entries()) expect([text[i], ' ']).toContain(unit)
        }
        let at = 0
        for (const { start, end } of findInline(text)) {
          expect(start).toBeGreaterThanOrEqual(at)
          at = end
        }
      }),
      { numRuns: 300 },
    )
  })

  test('takes a bracket that is left open before many links no longer than another text', () => {
    const links = '[x](a)'.repeat(1000)
    expect(findInline(`[${links}`)).toHaveLength(1000)
    expect(findInline(`[${links}]`)).toHaveLength(1000)
  })
})
