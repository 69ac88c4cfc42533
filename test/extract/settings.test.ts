import { describe, expect, test } from 'vitest'
import { settingsExtractor } from '../../src/extract/data/settings.js'
import { yamlExtractor } from '../../src/extract/data/yaml.js'
import type { Extractor } from '../../src/extract/extractor.js'
import type { Extracted } from '../../src/types.js'
import { describeExtractor } from '../contract/extractor.js'
import { bytesOf, expectSound, extractedOf, limits, outline } from './expect-sound.js'

async function read(extractor: Extractor, source: string, name: string): Promise<Extracted> {
  const extracted = extractedOf(await extractor.extract(bytesOf(source), { name, limits }))
  expectSound(extracted)
  expect(extracted.text).toBe(source)
  return extracted
}

const headings = ({ blocks }: Extracted) => blocks.flatMap(({ heading }) => heading ?? [])

describeExtractor('settingsExtractor', settingsExtractor, {
  name: 'lamps.ini',
  bytes: bytesOf('; Lamps\n[north]\nheight = 12\n'),
  contains: 'height = 12',
})

describeExtractor('yamlExtractor', yamlExtractor, {
  name: 'lamps.yaml',
  bytes: bytesOf('# Lamps\nnorth:\n  height: 12\n'),
  contains: 'height: 12',
})

describe('settings', () => {
  test('are kept as they are, a unit for each section with the comments above it', async () => {
    const source =
      '# top\ntitle = "x"\n\n# about the server\n[server]\nport = 1\n\n[server.tls]\ncert = "a"\n[[items]]\nn = 1\n'
    const extracted = await read(settingsExtractor, source, 'a.toml')
    expect(headings(extracted)).toEqual(['server', 'server.tls', 'items'])
    expect(outline(extracted)).toEqual([
      'code 1-2',
      'heading1 4-6',
      'code 4-6',
      'heading1 8-9',
      'code 8-9',
      'heading1 10-11',
      'code 10-11',
    ])
  })

  test.each([
    ['a.properties', 'a=1\n# b\nb=2\n\nc=3\n', 'text/x-java-properties'],
    ['a.conf', 'server {\n  listen 80;\n}\n', 'text/x-ini'],
    ['tsconfig.jsonc', '{ // why\n "a": 1 }\n', 'application/json'],
    ['spaces.ini', `[${' '.repeat(200_000)}a\n`, 'text/x-ini'],
  ])('without sections are parted at blank lines: %s', async (name, source, type) => {
    const extracted = await read(settingsExtractor, source, name)
    expect(headings(extracted)).toEqual([])
    expect(extracted.type).toBe(type)
  })
})

describe('YAML', () => {
  test('has the path of its keys, comments and all, located to the line', async () => {
    const filler = Array.from({ length: 120 }, (_, i) => `      option-${i}: value`).join('\n')
    const source = `# Compose\nname: My stack\nservices:\n  # the web\n  web:\n    image: nginx\n    ports:\n      - "80:80"\n  db:\n    environment:\n${filler}\n\nvolumes:\n  data: {}\n`
    const extracted = await read(yamlExtractor, source, 'compose.yml')
    expect(extracted.title).toBe('My stack')
    expect(extracted.blocks.flatMap(({ level, heading }) => (heading ? `${level} ${heading}` : []))).toEqual([
      '1 services',
      '2 web',
      '2 db',
      '3 environment',
      '1 volumes',
    ])
    expect(outline(extracted).slice(-2)).toEqual(['heading1 132-133', 'code 132-133'])
  })

  test('of several documents names each by its kind, its name or its number', async () => {
    const source = 'kind: Service\nmetadata:\n  name: door\n---\nname: lamp\n---\n- a\n- b\n'
    expect(headings(await read(yamlExtractor, source, 'a.yaml'))).toEqual([
      'Service door',
      'lamp',
      'document 3',
    ])
  })

  test('items of a list are named by what they call themselves', async () => {
    const task = (name: string) => `- name: ${name}\n  run: |\n${'    echo\n'.repeat(150)}`
    const source = `tasks:\n${[task('Install'), task('Start')].join('').replace(/^/gm, '  ').trimEnd()}\n`
    expect(headings(await read(yamlExtractor, source, 'a.yaml'))).toEqual([
      'tasks',
      'Install',
      'run',
      'Start',
      'run',
    ])
  })

  test.each([
    ['a template', 'a: {{ .Values.x }}\n{{- if }}\nb: 1\n\nc: 2\n'],
    ['a list that is never closed', `a: ${'['.repeat(50)}\n\nb: 1\n`],
    ['depth beyond the parser', `a: ${'['.repeat(20_000)}\n`],
    ['unknown tags and repeated keys', 'a: !secret x\na: 2\n'],
  ])('that is none is kept as text: %s', async (_, source) => {
    await read(yamlExtractor, source, 'a.yaml')
  })

  test('does not multiply by its aliases', async () => {
    const levels = Array.from(
      { length: 20 },
      (_, i) =>
        `a${i}: &a${i} [${Array(9)
          .fill(i === 0 ? 'x' : `*a${i - 1}`)
          .join(', ')}]`,
    )
    await read(yamlExtractor, `${levels.join('\n')}\n`, 'a.yaml')
  })
})
