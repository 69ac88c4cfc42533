import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../scripts/build-stamp.mjs', import.meta.url))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gemdex-stamp-'))
  mkdirSync(join(folder, 'src'))
  write('src/main.ts', '1')
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (path: string, text: string) => writeFileSync(join(folder, path), text)
const exitCode = (step: string) => spawnSync(process.execPath, [PROGRAM, step], { cwd: folder }).status

/** What a build does, with what happens while the compiler runs. */
function build(meanwhile: () => void = () => {}): void {
  expect(exitCode('begin')).toBe(0)
  write('dist/main.js', '1')
  chmodSync(join(folder, 'dist/main.js'), 0o755)
  meanwhile()
  expect(exitCode('end')).toBe(0)
}

test('a build counts as long as nothing of it changes', () => {
  expect(exitCode('check')).toBe(1)
  build()
  expect(exitCode('check')).toBe(0)
})

test.each([
  ['a source that is saved while the compiler runs', () => build(() => write('src/main.ts', '2'))],
  ['a build that did not come to its end', () => exitCode('begin')],
  ['a source that is new', () => [build(), write('src/other.ts', '')]],
  ['an output that is changed', () => [build(), write('dist/main.js', '2')]],
  ['a program that cannot be run', () => [build(), chmodSync(join(folder, 'dist/main.js'), 0o644)]],
])('no build counts after %s', (_, happens) => {
  happens()
  expect(exitCode('check')).toBe(1)
})
