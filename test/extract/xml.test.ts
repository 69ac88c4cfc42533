import { describe, expect, test } from 'vitest'
import { readXml } from '../../src/extract/xml.js'
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
