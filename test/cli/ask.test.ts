import { describe, expect, it } from 'vitest'
import type { AnswerEvent, SearchEngine } from '../../src/engine.js'
import type { Answer } from '../../src/types.js'
import { makeHit } from '../answer/make-hit.js'
import { runInProcess } from './run-in-process.js'

const hit = makeHit(1, 'The heat pump was installed in 2021.')
const { id: hitId, documentId, title, uri, location } = hit
const citation = {
  marker: 1,
  hitId,
  documentId,
  title,
  uri,
  location,
  quote: 'q',
  verified: true,
  start: 0,
  end: 12,
}
const answered: Answer = {
  status: 'answered',
  answer: 'In 2021 [1].',
  citations: [citation],
  unsupported: [],
  sources: [hit],
  standaloneQuestion: 'When?',
  sessionId: null,
  model: 'gemini-3.8-flash',
}

function engineSaying(deltas: readonly string[], answer: Answer): Partial<SearchEngine> {
  return {
    async *ask(): AsyncIterable<AnswerEvent> {
      yield { type: 'sources', sources: answer.sources, standaloneQuestion: answer.standaloneQuestion }
      for (const text of deltas) yield { type: 'delta', text }
      yield { type: 'done', answer }
    },
  }
}

const plain = { NO_COLOR: '1' }
const SOURCES = '\nSources\n  [1] Title 1 (file-1.md, lines 1-2) verified\n'

describe('ask on a terminal', () => {
  it('prints the words as they come, and once', async () => {
    const engine = engineSaying(['In ', '2021 [1].'], answered)
    const { code, stdout, writes } = await runInProcess(['ask', 'When?'], { engine, env: plain })
    expect(code).toBe(0)
    expect(writes.slice(0, 2)).toEqual(['In ', '2021 [1].'])
    expect(stdout).toBe(`In 2021 [1].\n${SOURCES}`)
  })

  it('prints the corrected answer when the final one differs', async () => {
    const engine = engineSaying(['In 2021 [1][9].'], answered)
    const { stdout } = await runInProcess(['ask', 'When?'], { engine, env: plain })
    expect(stdout).toBe(`In 2021 [1][9].\n\nCorrected answer:\nIn 2021 [1].\n${SOURCES}`)
  })

  it('withdraws what was shown when it was blocked', async () => {
    const blocked: Answer = { ...answered, status: 'blocked', answer: '', citations: [], reason: 'Harm.' }
    const engine = engineSaying(['In 2021'], blocked)
    const { code, stdout } = await runInProcess(['ask', 'When?'], { engine, env: plain })
    expect(code).toBe(1)
    expect(stdout).toBe('In 2021\nBlocked by the model. Harm. What was shown above is withdrawn.\n')
  })

  it('waits for the whole with --no-stream', async () => {
    const engine = engineSaying(['In ', '2021 [1][9].'], answered)
    const { stdout } = await runInProcess(['ask', 'When?', '--no-stream'], { engine, env: plain })
    expect(stdout).toBe(`In 2021 [1].\n${SOURCES}`)
  })

  it('keeps control characters of the model from it', async () => {
    const engine = engineSaying(['\u001b[2J', 'In \u009b31m2021 [1].'], {
      ...answered,
      answer: '\u001b[2JIn 2021 [1].',
    })
    const { stdout } = await runInProcess(['ask', 'When?'], { engine, env: plain })
    expect(stdout).not.toMatch(/[\u001b\u009b]/)
  })
})

describe('ask into a pipe', () => {
  it('writes the final answer alone', async () => {
    const engine = engineSaying(['In ', '2021 [1][9].'], answered)
    const { stdout } = await runInProcess(['ask', 'When?'], { engine, terminal: false })
    expect(stdout).toBe(`In 2021 [1].\n${SOURCES}`)
  })

  it('lists each cited passage once, verified only when all of its claims are', async () => {
    const second = { ...citation, marker: 2, title: 'Other' }
    const citations = [second, citation, { ...citation, verified: false }]
    const engine = engineSaying([], { ...answered, citations })
    const { stdout } = await runInProcess(['ask', 'When?'], { engine, terminal: false })
    expect(stdout).toMatch(
      /\nSources\n {2}\[1\] Title 1 \(.*\) not verified\n {2}\[2\] Other \(.*\) verified\n$/,
    )
  })

  it.each([
    ['answered', 'In 2021 [1].', 0],
    ['truncated', 'In 20', 0],
    ['truncated', '', 1],
    ['refused', '', 1],
    ['blocked', '', 1],
    ['empty', '', 1],
  ] as const)('%s with the answer "%s" exits with %i', async (status, answer, expected) => {
    const engine = { answer: async () => ({ ...answered, status, answer }) }
    const { code, stdout, closed } = await runInProcess(['ask', 'When?', '--json'], {
      engine,
      terminal: false,
    })
    expect(code).toBe(expected)
    expect(JSON.parse(stdout)).toMatchObject({ status, answer })
    expect(closed).toBe(1)
  })

  it('says why it had keywords only', async () => {
    const engine = engineSaying([], { ...answered, degraded: 'Searched by keywords only: no key' })
    const { stdout, stderr } = await runInProcess(['ask', 'When?'], { engine, terminal: false })
    expect(stderr).toBe('Searched by keywords only: no key\n')
    expect(stdout).not.toContain('keywords only')
  })
})
