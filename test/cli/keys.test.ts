import { expect, it } from 'vitest'
import type { KeyRing } from '../../src/engine.js'
import { noKeys } from '../http/fake-engine.js'
import { runInProcess } from './run-in-process.js'

const made = {
  key: 'gemdex_0123456789ab_secret',
  entry: { id: '0123456789ab', name: 'wiki', createdMs: 0, scopes: ['read'], origin: 'index' },
  setting: 'wiki:read:hash',
} as const

function run(argv: readonly string[]) {
  const keys: KeyRing = { ...noKeys, add: async () => made, make: () => made, list: async () => [] }
  return runInProcess(['--db', '/x/index.db', 'keys', ...argv], { engine: { keys }, terminal: false })
}

it('a key is alone on standard output, and said to be kept where it is kept', async () => {
  const kept = await run(['add', 'wiki'])
  expect(kept.stdout).toBe(`${made.key}\n`)
  expect(kept.stderr).toBe('The key is shown this once: /x/index.db keeps only a hash of it.\n')
  const given = await run(['add', 'wiki', '--no-store'])
  expect(given.stdout).toBe(`${made.key}\n`)
  expect(given.stderr).toMatch(/and not kept\.\nAdd to GEMDEX_API_KEYS .*: wiki:read:hash\n$/)
})

it('a key for a collection that is not there yet is made, and that is said', async () => {
  const { code, stderr } = await run(['add', 'wiki', '-c', 'docs', '-c', 'dosc'])
  expect(code).toBe(0)
  expect(stderr).toMatch(/\nThere is no collection named dosc yet\.\n$/)
  expect(stderr).not.toContain('named docs')
})

it('a list of none says so and exits with 1', async () => {
  expect(await run(['list'])).toMatchObject({ code: 1, stdout: '', stderr: '0 keys\n' })
})
