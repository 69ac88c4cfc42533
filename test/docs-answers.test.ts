import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Each indexes the sample documents or opens them in a process of its own. */
const TIMEOUT_MS = 120_000
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const examples = [...readFileSync(join(ROOT, 'docs/answers.md'), 'utf8').matchAll(/```js\n(.*?)```/gs)].map(
  ([, code = '']) => code,
)

describe('the examples of docs/answers.md', { timeout: TIMEOUT_MS }, () => {
  let home: string
  const run = (code: string | undefined) =>
    execFileSync(process.execPath, ['--input-type=module', '--eval', code ?? ''], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: home, GEMDEX_DB: join(home, 'docs.db') },
      encoding: 'utf8',
    })

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'gemdex-docs-'))
  })
  afterAll(() => rmSync(home, { recursive: true }))

  it('are two', () => expect(examples).toHaveLength(2))

  it('stream an answer with its sources, citations and status', () => {
    expect(run(examples[0])).toMatch(
      /^\d+ passages\nOsbert Lanyon .* \[1\]\ntrue: Osbert Lanyon from Stebbing .*\nanswered\n$/s,
    )
  })

  it('go on in a conversation, within some documents, and refuse', () => {
    const lines = run(examples[1]).trimEnd().split('\n')
    expect(lines).toEqual([
      'What is the minimum age for a volunteer in winter terrain? answered',
      expect.stringMatching(/^And in the valley\? \(.*\) answered$/),
      '2',
      'refused',
    ])
  })
})
