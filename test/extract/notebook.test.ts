import { describe, expect, test } from 'vitest'
import { notebookExtractor } from '../../src/extract/data/notebook.js'
import type { Extraction } from '../../src/extract/extractor.js'
import { describeExtractor } from '../contract/extractor.js'
import { bytesOf, expectSound, extractedOf, limits, textOf } from './expect-sound.js'

const bytesOfNotebook = (cells: readonly object[], rest: object = {}) =>
  bytesOf(JSON.stringify({ cells, metadata: { language_info: { name: 'python' } }, nbformat: 4, ...rest }))

async function read(cells: readonly object[], rest: object = {}): Promise<Extraction> {
  const extracted = extractedOf(
    await notebookExtractor.extract(bytesOfNotebook(cells, rest), { name: 'a.ipynb', limits }),
  )
  expectSound(extracted)
  return extracted
}

const code = (source: string, ...outputs: readonly object[]) => ({ cell_type: 'code', source, outputs })

describeExtractor('notebookExtractor', notebookExtractor, {
  name: 'lamps.ipynb',
  bytes: bytesOfNotebook([
    { cell_type: 'markdown', source: ['# Lamps\n', '\n', 'Lit at dusk.'] },
    code('light()'),
  ]),
  contains: 'Lit at dusk.',
})

test('cells come in order, each block located by its cell', async () => {
  const extracted = await read([
    { cell_type: 'markdown', source: ['# Lamps\n', '\n', 'Lit *at dusk*.\n', '\n', '## Oil\n', '- whale'] },
    code('import oil\n\nprint(oil)', { output_type: 'stream', text: ['whale\n', 'rape\n'] }),
    { cell_type: 'raw', source: 'as it is' },
  ])
  expect(textOf(extracted)).toEqual([
    '# Lamps',
    'Lit *at dusk*.',
    '## Oil',
    '- whale',
    'import oil\n\nprint(oil)',
    'whale\nrape',
    'as it is',
  ])
  expect(extracted.blocks.map(({ location }) => location.kind === 'cell' && location.n)).toEqual([
    1, 1, 1, 1, 2, 2, 3,
  ])
  expect(extracted.blocks.map(({ kind }) => kind).join(' ')).toBe('heading text heading list code code text')
  expect(extracted).toMatchObject({ title: 'Lamps', metadata: { programmingLanguage: 'python' } })
})

test("the title and the authors are the notebook's own where it has some", async () => {
  const metadata = { title: 'The lamps', authors: [{ name: 'Anna' }, { name: 'Bo' }] }
  expect(await read([code('1')], { metadata })).toMatchObject({
    title: 'The lamps',
    metadata: { author: 'Anna, Bo' },
  })
})

describe('outputs', () => {
  async function outputOf(output: object): Promise<string | undefined> {
    return textOf(await read([code('x', output)]))[1]
  }

  test('are cut to their first lines', async () => {
    const text = Array.from({ length: 1_000 }, (_, i) => `line ${i}\n`)
    const output = (await outputOf({ output_type: 'stream', text })) ?? ''
    expect(output.split('\n')).toHaveLength(21)
    expect(output).toMatch(/line 19\n… 980 more lines$/)
    expect((await outputOf({ output_type: 'stream', text: 'x'.repeat(50_000) }))?.length).toBeLessThan(2_100)
  })

  test.each([
    [
      'a result',
      { output_type: 'execute_result', data: { 'text/plain': '42', 'text/html': '<b>42</b>' } },
      '42',
    ],
    [
      'an error',
      { output_type: 'error', ename: 'ValueError', evalue: 'no \u001b[31moil\u001b[0m', traceback: [] },
      'ValueError: no oil',
    ],
    [
      'a picture',
      { output_type: 'display_data', data: { 'image/png': 'AAAA', 'text/plain': '<Figure>' } },
      undefined,
    ],
    [
      'an object',
      { output_type: 'execute_result', data: { 'text/plain': '[<oil.Barrel at 0x7f2a>]' } },
      undefined,
    ],
  ])('%s', async (_, output, expected) => {
    expect(await outputOf(output)).toBe(expected)
  })
})

test('version 3 has its cells in worksheets', async () => {
  const cells = [
    { cell_type: 'heading', level: 2, source: 'Oil' },
    { cell_type: 'code', input: 'light()', outputs: [{ output_type: 'pyout', text: ['lit'] }] },
  ]
  const extracted = await read([], { cells: undefined, worksheets: [{ cells }], nbformat: 3 })
  expect(textOf(extracted)).toEqual(['## Oil', 'light()', 'lit'])
})

test.each([
  ['no JSON', '# Lamps', 'PARSE_ERROR'],
  ['no notebook', '{"a": 1}', 'PARSE_ERROR'],
  ['a list', '[1]', 'PARSE_ERROR'],
  ['an empty notebook', '{"cells": []}', 'NO_TEXT'],
  [
    'cells of other kinds',
    '{"cells": [1, null, {"source": {}}, {"cell_type": "code", "outputs": 7}]}',
    'NO_TEXT',
  ],
])('%s is skipped', async (_, source, skipped) => {
  expect(await notebookExtractor.extract(bytesOf(source), { name: 'a.ipynb', limits })).toMatchObject({
    skipped,
  })
})
