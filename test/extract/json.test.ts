import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonExtractor } from '../../src/extract/data/json.js'
import { type JsonNode, JsonReader } from '../../src/extract/data/json-reader.js'
import type { Extraction } from '../../src/extract/extractor.js'
import { describeExtractor } from '../contract/extractor.js'
import { bytesOf, expectSound, extractedOf, limits, outline, textOf } from './expect-sound.js'

async function read(source: string, name = 'a.json'): Promise<Extraction> {
  const extracted = extractedOf(await jsonExtractor.extract(bytesOf(source), { name, limits }))
  expectSound(extracted)
  return extracted
}

const prose = 'The lamps of Stebbing are lit at dusk by the keeper of the north light. '.repeat(6).trim()

describeExtractor('jsonExtractor', jsonExtractor, {
  name: 'lamps.json',
  bytes: bytesOf('{"name": "Lamps", "places": [{"harbour": "Stebbing", "lamps": 12}]}'),
  contains: 'harbour: Stebbing | lamps: 12',
})

describe('the reader', () => {
  /** The value as JavaScript has it, except that keys may repeat. */
  function parsed(node: JsonNode): unknown {
    if (node.kind === 'scalar') return node.isString ? node.text : JSON.parse(node.text)
    if (node.kind === 'list') return node.items.map(parsed)
    return Object.fromEntries(node.entries.map(([key, value]) => [key, parsed(value)]))
  }

  test('reads what JSON.parse reads', () => {
    // Strings without control characters and halves of pairs, which the reader replaces; no __proto__, which fromEntries takes as a key.
    const text = fc
      .string({ unit: 'grapheme' })
      .filter((each) => !/[\0-\x1f]/.test(each) && each !== '__proto__')
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        text,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(text, tie('value')),
      ),
    })).value
    fc.assert(
      fc.property(json, fc.constantFrom(0, 2), (value, indent) => {
        const source = JSON.stringify(value, undefined, indent)
        const reader = new JsonReader(source, limits)
        const node = reader.readValue()
        expect(parsed(node)).toEqual(JSON.parse(source))
        expect(reader.isAtEnd()).toBe(true)
        if (node.kind !== 'scalar') expect(node.last).toBe(source.split('\n').length)
      }),
      { numRuns: 300 },
    )
  })

  test('refuses what JSON.parse refuses', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      'true',
      ' ',
      '"',
      '\\',
      '\n',
      '-',
      '1.',
      'nul',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const source = parts.join('')
        let isJson = true
        try {
          JSON.parse(source)
        } catch {
          isJson = false
        }
        const readWhole = () => {
          const reader = new JsonReader(source, limits)
          reader.readValue()
          if (!reader.isAtEnd()) throw new Error('more')
        }
        if (isJson) expect(readWhole).not.toThrow()
        // Leading zeros are let pass.
        else if (!/\b1{2,}/.test(source)) expect(readWhole).toThrow()
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a file', () => {
  test('becomes lines with paths, headings, rows and paragraphs, located in the source', async () => {
    const source = `{
  "name": "Lamps",
  "tags": ["oil", "wick"],
  "server": {
    "port": 443,
    "tls": {"cert": "a.pem"}
  },
  "version": 2,
  "keepers": [
    {"id": 1, "name": "Anna"},
    {"id": 2, "name": "Bo"},
    {
      "id": 3,
      "title": "Third keeper",
      "life": ${JSON.stringify(prose)}
    }
  ]
}`
    const extracted = await read(source)
    expect(extracted.title).toBe('Lamps')
    expect(outline(extracted)).toEqual([
      'table 2-3',
      'heading1 4-4',
      'table 5-5',
      'heading2 6-6',
      'table 6-6',
      'heading1 8-8',
      'table 8-8',
      'heading1 9-9',
      'table 10-11',
      'heading2 12-16',
      'table 13-15',
      'text 15-15',
    ])
    expect(textOf(extracted).filter((text) => text !== '')).toEqual([
      'name: Lamps\ntags: oil, wick',
      'server.port: 443',
      'server.tls.cert: a.pem',
      'version: 2',
      'id: 1 | name: Anna\nid: 2 | name: Bo',
      'id: 3\ntitle: Third keeper\nlife:',
      prose,
    ])
    expect(extracted.blocks.flatMap(({ heading }) => heading ?? [])).toEqual([
      'server',
      'tls',
      'version',
      'keepers',
      'Third keeper',
    ])
  })

  test('keeps numbers as they are written, and keys that other programs stumble over', async () => {
    const { text } = await read(
      '{"__proto__":{"polluted":true},"n":1e999,"big":123456789012345678901234567890,"e":"","o":{},"l":[]}',
    )
    expect(text).toContain('__proto__.polluted: true')
    expect(text).toContain('n: 1e999\nbig: 123456789012345678901234567890\ne: ""\no: {}\nl: []')
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('leaves out pictures in letters, and most of a long list of numbers', async () => {
    const picture = `data:image/png;base64,${'iVBORw0KGgo'.repeat(1000)}`
    const { text } = await read(JSON.stringify({ picture, vector: Array.from({ length: 768 }, (_, i) => i) }))
    expect(text.length).toBeLessThan(500)
    expect(text).toContain('characters of encoded data')
    expect(text).toContain('48, 49, … (718 more)')
  })

  test.each([
    ['comments', '{\n  // why\n  "a": 1\n}\n', []],
    ['a missing brace', '{"a": {"b": 1}\n\n"c": 2', ['Line 3 is not valid JSON; it was read as plain text']],
    ['two words', 'no json', ['Line 1 is not valid JSON; it was read as plain text']],
  ])('with %s is read as the text that it is', async (_, source, messages) => {
    const extracted = await read(source)
    expect(extracted.text).toBe(source)
    expect(extracted.blocks[0]?.kind).toBe('code')
    expect(extracted.notices?.map(({ message }) => message)).toEqual(messages)
  })

  test('of one huge line is read record by record', async () => {
    const records = Array.from({ length: 2000 }, (_, i) => ({ id: i, title: `Record ${i}`, body: prose }))
    const extracted = await read(JSON.stringify(records))
    expect(extracted.blocks.filter(({ heading }) => heading !== undefined)).toHaveLength(2000)
    expect(extracted.blocks.every(({ location }) => location.kind === 'lines' && location.end === 1)).toBe(
      true,
    )
  })

  test('that nests 100,000 deep is refused', async () => {
    for (const source of [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, '{"a":'.repeat(100_000)]) {
      const extracting = jsonExtractor.extract(bytesOf(source), { name: 'a.json', limits })
      await expect(extracting).rejects.toMatchObject({ reason: 'TOO_DEEP' })
    }
  })

  test('stops at the limit', async () => {
    const records = Array.from({ length: 100_000 }, (_, id) => ({ id, name: `n${id}` }))
    const result = await jsonExtractor.extract(bytesOf(JSON.stringify(records)), {
      name: 'a.json',
      limits: { ...limits, maxChars: 1000 },
    })
    expect(extractedOf(result).text.length).toBeLessThan(1100)
  })
})

describe('JSON Lines', () => {
  test('have a row for each line, located to the line; bad lines are named', async () => {
    const extracted = await read(
      '{"text":"first"}\n{"text":"second"}\n{"text": broken\n\n{"text":"fifth"}\n',
      'a.jsonl',
    )
    expect(textOf(extracted)).toEqual(['text: first\ntext: second', 'text: fifth'])
    expect(outline(extracted)).toEqual(['table 1-2', 'table 5-5'])
    expect(extracted).toMatchObject({ type: 'application/x-ndjson' })
    expect(extracted.notices).toEqual([
      { code: 'PARSE_ERROR', message: 'Line 3 is not valid JSON and was left out' },
    ])
  })

  test('are known by their content under the name of JSON', async () => {
    expect(textOf(await read('{"a":1}\n{"a":2}\n'))).toEqual(['a: 1\na: 2'])
    expect(textOf(await read('{"a":\n1}\n'))).toEqual(['a: 1'])
  })

  test('all of which are bad are no JSON Lines; many bad lines are counted', async () => {
    const bad = await jsonExtractor.extract(bytesOf('a\nb\n'), { name: 'a.jsonl', limits })
    expect(bad).toMatchObject({ skipped: 'PARSE_ERROR' })
    const { notices = [] } = await read(`{"a":1}\n${'x\n'.repeat(50)}`, 'a.ndjson')
    expect(notices).toHaveLength(21)
    expect(notices.at(-1)?.message).toBe('30 more lines are not valid JSON')
  })
})
