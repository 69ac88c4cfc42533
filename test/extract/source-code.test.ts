import { setFlagsFromString } from 'node:v8'
import { beforeAll, describe, expect, test } from 'vitest'
import { chunkDocument } from '../../src/chunk/chunk-document.js'
import { sourceCodeExtractor } from '../../src/extract/code/source-code.js'
import { outlineBlocks } from '../../src/extract/code/source-outline.js'
import type { Extraction } from '../../src/extract/extractor.js'
import { splitLines } from '../../src/extract/lines.js'
import { describeExtractor } from '../contract/extractor.js'
import { bytesOf, expectSound, extractedOf, limits, outline } from './expect-sound.js'

// As the worker does, which reads source code in earnest.
beforeAll(() => setFlagsFromString('--liftoff-only'))

async function read(source: string, name: string): Promise<Extraction> {
  const extracted = extractedOf(await sourceCodeExtractor.extract(bytesOf(source), { name, limits }))
  expectSound(extracted)
  return extracted
}

/** `class Door 3-9` for each name, with `> ` for each level below the first, and the lines that it stands for. */
function namesOf({ blocks }: Extraction): string[] {
  return blocks.flatMap(({ kind, level = 1, heading, location }) =>
    kind === 'heading' && location.kind === 'lines'
      ? [`${'> '.repeat(level - 1)}${heading} ${location.start}-${location.end}`]
      : [],
  )
}

/** Too long to stay whole. */
const body = (indent: string, comment = '//') => `${indent}${comment} ${'words '.repeat(20)}\n`.repeat(15)

describeExtractor('sourceCodeExtractor', sourceCodeExtractor, {
  name: 'src/door.ts',
  bytes: bytesOf("import { a } from 'b'\n\nexport function open(): void {}\n"),
  contains: 'function open',
})

describe('by syntax', () => {
  test('definitions are named, with the comments and decorators above them; the rest lies between', async () => {
    const source = `import { Lamp } from './lamp.js'

/** Opens at dusk. */
@Injectable()
export class Door extends Base {
  open(): void {}
}

// Not of the function.

// Shuts it.
export const shut = async (door: Door) => {
  await door.shut()
}

main()
  .catch(report)
`
    const extracted = await read(source, 'src/door.ts')
    expect(extracted).toMatchObject({
      text: source,
      title: 'door.ts',
      type: 'text/x-typescript',
      metadata: { programmingLanguage: 'TypeScript' },
      notices: [],
    })
    expect(outline(extracted)).toEqual([
      'code 1-1',
      'heading1 3-7',
      'code 3-7',
      'heading1 8-10',
      'code 9-9',
      'heading1 11-14',
      'code 11-14',
      'heading1 15-18',
      'code 16-17',
    ])
    expect(namesOf(extracted)).toEqual([
      'class Door 3-7',
      '// Not of the function. 8-10',
      'shut 11-14',
      'main() 15-18',
    ])
  })

  test('members of a large class are told apart, to the line, under the path of names', async () => {
    const source = `export class Door {\n  private width = 1\n\n  /** Opens. */\n  open() {\n${body('    ')}  }\n\n  shut() {}\n\n  height = 2\n}\n`
    const extracted = await read(source, 'door.ts')
    expect(namesOf(extracted)).toEqual([
      'class Door 1-26',
      '> open 4-21',
      '> shut 23-23',
      '> height = 2 24-26',
    ])
    const chunk = chunkDocument(extracted).find(({ text }) => text.includes('open() {'))
    expect(chunk?.headings).toEqual(['class Door', 'open'])
    expect(chunk?.location).toMatchObject({ kind: 'lines', start: 4 })
  })

  test('functions within a large function and the cases of a test suite are told apart', async () => {
    const source = `export function createDoor() {\n${body('  ')}\n  function open() {}\n\n  return { open }\n}\n\ndescribe('a door', () => {\n${body('  ')}\n  it('opens', () => {\n    open()\n  })\n})\n`
    expect(namesOf(await read(source, 'door.js'))).toEqual([
      'createDoor 1-21',
      '> open 18-18',
      '> return { open } 19-21',
      'describe a door 23-43',
      '> it opens 40-42',
    ])
  })

  test.each([
    [
      'a.tsx',
      'export const Door = () => <div>open</div>\n\nfunction Lamp() {\n  return <b/>\n}\n',
      ['Door 1-1', 'Lamp 3-5'],
    ],
    [
      'a.js',
      'exports.open = function () {}\n\nDoor.prototype.shut = function () {}\n\nclass Lamp {}\n',
      ['exports.open 1-1', 'Door.prototype.shut 3-3', 'class Lamp 5-5'],
    ],
    [
      'a.py',
      '"""Doors."""\nimport os\n\n# Opens.\n@cached\ndef open_door():\n    return 1\n\nclass Lamp(Base):\n    def light(self): pass\n\nif __name__ == "__main__":\n    open_door()\n',
      ['open_door 4-7', 'class Lamp 9-10', 'if __name__ == "__main__" 11-14'],
    ],
    [
      'a.go',
      'package doors\n\n// Open opens.\nfunc Open() {}\n\ntype Door struct {\n\twidth int\n}\n\nfunc (d *Door) Shut() {}\n',
      ['Open 3-4', 'type Door 6-8', 'Door.Shut 10-10'],
    ],
    [
      'a.rs',
      'use std::io;\n\n/// Opens.\n#[inline]\npub fn open() {}\n\nstruct Door {}\n\nimpl<T> Display for Door {\n    fn fmt(&self) {}\n}\n\nmod inner {}\n',
      ['open 3-5', 'struct Door 7-7', 'impl<T> Display for Door 9-11', 'mod inner 13-13'],
    ],
    [
      'A.java',
      'package a;\n\n/** A door. */\n@Entity\npublic class Door {\n  void open() {}\n}\n\ninterface Lamp {}\n\nrecord Key(int a) {}\n',
      ['class Door 3-7', 'interface Lamp 9-9', 'record Key 11-11'],
    ],
    [
      'a.c',
      '#include <stdio.h>\n\n/* Opens. */\nstatic int *open_door(int a) {\n  return 0;\n}\n\nstruct door { int a; };\n\ntypedef struct { int b; } lamp;\n\n#ifdef X\nint shut(void) { return 1; }\n#endif\n',
      ['open_door 3-6', 'struct door 8-8', 'lamp 10-10', '#ifdef X 11-12', 'shut 13-13', '#endif 14-15'],
    ],
    [
      'a.cpp',
      'template <typename T> class Door {};\n\nint Door::open() { return 1; }\n\nnamespace a::b { void shut() {} }\n\nbool operator==(const A& a, const A& b) { return true; }\n',
      ['class Door 1-1', 'Door::open 3-3', 'namespace a::b 5-5', 'operator== 7-7'],
    ],
    ['a.h', '#ifndef A_H\n#define A_H\nclass Door {};\n#endif\n', ['class Door 3-3', '#endif 4-5']],
    [
      'a.cs',
      'using System;\nnamespace Doors;\n\n/// <summary>A door.</summary>\n[Serializable]\npublic class Door { void Open() {} }\n\npublic interface ILamp {}\n',
      ['class Door 4-6', 'interface ILamp 8-8'],
    ],
    [
      'a.rb',
      "require 'a'\n\n# A door.\nmodule Doors\n  class Door\n  end\nend\n\ndef open\nend\n",
      ['module Doors 3-7', 'open 9-10'],
    ],
    [
      'a.php',
      '<?php\nnamespace A;\n\n/** A door. */\nfinal class Door { function open() {} }\n\nfunction shut() {}\n',
      ['class Door 4-5', 'shut 7-7'],
    ],
    [
      'a.kt',
      'package a\n\nclass Door(val x: Int) {\n  fun open() {}\n}\n\nobject Lamps {}\n\nfun shut() {}\n',
      ['class Door 3-5', 'object Lamps 7-7', 'shut 9-9'],
    ],
    [
      'a.swift',
      'import Foundation\n\nstruct Door {\n  func open() {}\n}\n\nextension Door {}\n\nfunc shut() {}\n',
      ['struct Door 3-5', 'extension Door 7-7', 'shut 9-9'],
    ],
    [
      'a.scala',
      'package a\n\nclass Door(x: Int) {\n  def open() = 1\n}\n\nobject Lamps {}\n\ntrait Key\n',
      ['class Door 3-5', 'object Lamps 7-7', 'trait Key 9-9'],
    ],
    [
      'a.lua',
      'local M = {}\n\n-- Opens.\nlocal function open()\nend\n\nfunction M:shut()\nend\n\nreturn M\n',
      ['open 3-5', 'M:shut 7-8', 'return M 9-11'],
    ],
    [
      'a.sh',
      '#!/bin/sh\nset -e\n\n# Opens.\nopen_door() {\n  echo open\n}\n\nfunction shut { echo shut; }\n\nopen_door "$@"\n',
      ['open_door 4-7', 'shut 9-9', 'open_door "$@" 10-12'],
    ],
  ])('%s', async (name, source, names) => {
    expect(namesOf(await read(source, name))).toEqual(names)
  })

  test('errors in it are tolerated', async () => {
    const extracted = await read('const width = ;\n\nfunction shut() {}\n\nclass Door { open( }\n', 'a.js')
    expect(namesOf(extracted)).toContain('shut 3-3')
  })

  test('every word of the source is in a block', async () => {
    const source = `${body('')}\nclass Door {\n${body('  ')}\n  a() { one() } b() { two() }\n  c = 3\n}; var d = 4\n/* five\n   six */ function e() {}\n`
    const { blocks } = await read(source, 'a.js')
    const words = (text: string) => text.match(/\w+/g)
    const parts = blocks
      .filter(({ kind }) => kind === 'code')
      .map(({ start, end }) => source.slice(start, end))
    expect(words(parts.join('\n'))).toEqual(words(source))
  })
})

describe('without a grammar', () => {
  test('the text is parted at blank lines', async () => {
    const extracted = await read('CREATE TABLE doors (\n  id INT\n);\n\nSELECT 1;\n', 'a.sql')
    expect(outline(extracted)).toEqual(['code 1-3', 'code 5-5'])
    expect(extracted).toMatchObject({ type: 'application/sql', metadata: { programmingLanguage: 'SQL' } })
  })

  test.each([
    ['deploy/Dockerfile', 'Dockerfile'],
    ['Makefile', 'Make'],
    ['CMakeLists.txt', 'CMake'],
  ])('%s is known by its name', async (name, programmingLanguage) => {
    expect(sourceCodeExtractor.accepts({ name, head: bytesOf('all: a') })).toBe(true)
    expect((await read('all: a\n\techo a\n', name)).metadata).toEqual({ programmingLanguage })
  })
})

describe('size', () => {
  test('minified code is cut', async () => {
    const extracted = await read(
      `/* licence */\n${'var a=1;function b(){return a}'.repeat(10_000)}`,
      'a.min.js',
    )
    expect(extracted.text).toHaveLength(10_000)
    expect(extracted.truncated).toMatch(/^Minified code: only the first 10,000 characters/)
  })

  test('code with some long lines is not', async () => {
    const extracted = await read(`const data = '${'x'.repeat(5_000)}'\n${body('').repeat(10)}`, 'a.js')
    expect(extracted.truncated).toBeUndefined()
  })

  test.each([
    ['100,000 opening braces', `door ${'{\n'.repeat(100_000)}`],
    ['20,000 nested namespaces', 'namespace a {\n'.repeat(20_000)],
    ['20,000 functions', 'function a() {}\n'.repeat(20_000)],
    ['20,000 nested calls', 'a(\n'.repeat(20_000)],
    ['200,000 comments in a row', '# why\n'.repeat(200_000), 'a.sh'],
    ['a line of spaces', `function a${' '.repeat(200_000)}x`, 'a.sh'],
  ])('%s', async (_, source, name = 'a.ts') => {
    const result = await sourceCodeExtractor.extract(bytesOf(source), {
      name,
      limits: { ...limits, maxChars: 10_000_000 },
    })
    expect(source.startsWith(extractedOf(result).text)).toBe(true)
  })
})

test('units that overlap, share lines or come in any order make sound blocks', () => {
  const text = 'one\ntwo\nthree\n\nfour\nfive\n'
  const blocks = outlineBlocks(splitLines(text), [
    { first: 4, last: 5, name: 'b' },
    { first: 1, last: 2, name: 'a' },
    { first: 2, last: 4, name: 'inner' },
    { first: 0, last: 0, isPrelude: true },
  ])
  expectSound({ text, blocks, metadata: {}, type: 'text/plain' })
  expect(
    blocks.map(({ heading, location }) => [heading, location.kind === 'lines' && location.start]),
  ).toEqual([
    ['a', 1],
    [undefined, 1],
  ])
})
