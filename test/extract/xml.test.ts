import { describe, expect, test } from 'vitest'
import { readXml } from '../../src/extract/xml.js'
import { readNamespacedXml } from '../../src/extract/xml-namespaces.js'
import { limits } from './expect-sound.js'

function eventsOf(source: string): string[] {
  const events: string[] = []
  readXml(
    source,
    {
      open: ({ name, attributes }) => events.push(`<${name} ${JSON.stringify(attributes)}`),
      close: (name) => events.push(`/${name}`),
      text: (text) => events.push(text),
      comment: (text) => events.push(`#${text}`),
    },
    limits,
  )
  return events
}

describe('XML', () => {
  test('comes as events, with prefixes and the entities of XML itself', () => {
    expect(eventsOf('<?xml version="1.0"?><w:p w:id="1"><T/>a &lt;&#228;<!-- c --></w:p>').join(' ')).toBe(
      '<w:p {"w:id":"1"} <T {} /T a  < ä # c  /w:p',
    )
  })

  test('keeps CDATA as text', () => {
    expect(eventsOf('<a><![CDATA[1 < 2 & 3]]></a>')).toContain('1 < 2 & 3')
  })

  test.each([
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    '<!DOCTYPE l [<!ENTITY l0 "lol"><!ENTITY l1 "&l0;&l0;">]><l>&l1;</l>',
  ])('that declares entities is refused: %s', (source) => {
    expect(() => eventsOf(source)).toThrow(expect.objectContaining({ reason: 'XML_FORBIDDEN' }))
  })

  test('that nests too deep is refused', () => {
    expect(() => eventsOf('<a>'.repeat(limits.maxDepth + 1))).toThrow(
      expect.objectContaining({ reason: 'TOO_DEEP' }),
    )
    expect(eventsOf('<a>'.repeat(limits.maxDepth))).toHaveLength(2 * limits.maxDepth)
  })

  test('does not expand what is not declared', () => {
    expect(eventsOf('<a>&x;</a>').join('')).toContain('&x;')
  })
})

describe('namespaces', () => {
  function namesOf(source: string): string[] {
    const names: string[] = []
    readNamespacedXml(
      source,
      {
        open: ({ name, attributes }) => {
          names.push(`${name} ${JSON.stringify(attributes)}`)
          return name !== 'w:del'
        },
        close: (name) => names.push(`/${name}`),
        text: (text) => names.push(text),
      },
      limits,
    )
    return names
  }
  const word = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'

  test('have their usual prefixes, whatever the file calls them', () => {
    expect(namesOf(`<a:p xmlns:a="${word}" a:x="1" y="2"/>`)).toEqual([
      `w:p {"xmlns:a":"${word}","w:x":"1","y":"2"}`,
      '/w:p',
    ])
    expect(namesOf(`<p xmlns="${word}"><q/></p>`)).toEqual([
      `w:p {"xmlns":"${word}"}`,
      'w:q {}',
      '/w:q',
      '/w:p',
    ])
    expect(namesOf('<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>')[1]).toBe(
      '/row',
    )
    expect(namesOf('<other:p xmlns:other="urn:unknown"/>')[1]).toBe('/other:p')
  })

  test('elements that are passed over are so with all that is in them', () => {
    expect(namesOf('<w:p>a<w:del>b<w:del>c</w:del><w:r/></w:del>d</w:p>')).toEqual([
      'w:p {}',
      'a',
      'w:del {}',
      'd',
      '/w:p',
    ])
  })

  test('reading ends where it is enough', () => {
    let seen = 0
    readNamespacedXml(
      `<a>${'<b/>'.repeat(100_000)}</a>`,
      {
        open: () => {
          seen++
          return undefined
        },
        isDone: () => seen > 10,
      },
      limits,
    )
    expect(seen).toBeGreaterThan(10)
    expect(seen).toBeLessThan(50_000)
  })
})
