import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AnswerEvent, SearchEngine } from '../../src/engine.js'
import { GemdexError } from '../../src/errors.js'
import type { Answer } from '../../src/types.js'
import { makeHit } from '../answer/make-hit.js'
import { runInProcess } from './run-in-process.js'

const hit = makeHit(1, 'The heat pump was installed in 2021.')
const { id: hitId, documentId, title, uri, location } = hit
const QUOTE = 'The heat pump was installed in 2021.'
const place = { hitId, documentId, title, uri, location, start: 0, end: 12 }
const citation = { ...place, marker: 1, quote: QUOTE, verified: true }
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
const SOURCES = `\nSources\n  [1] Title 1 (file-1.md, lines 1-2) verified\n      "${QUOTE}"\n`

describe('ask on a terminal', () => {
  it('prints the words as they come, and once', async () => {
    const engine = engineSaying(['In ', '2021 [1].'], answered)
    const { code, stdout, writes } = await runInProcess(['ask', 'When?'], { engine, env: plain })
    expect(code).toBe(0)
    expect(writes.slice(0, 2)).toEqual(['In', ' 2021'])
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

describe('ask on a terminal, after the words', () => {
  it('says that the documents do not support what was shown', async () => {
    const refused: Answer = { ...answered, status: 'refused', answer: '', citations: [], reason: 'None.' }
    const engine = engineSaying(['In 2019 [1].'], refused)
    const { code, stdout } = await runInProcess(['ask', 'When?'], { engine, env: plain })
    expect(code).toBe(1)
    expect(stdout).toBe(
      'In 2019 [1].\nThe documents do not support this. None. What was shown above is withdrawn.\n' +
        'Nearest passages:\n  Title 1 (file-1.md, lines 1-2)\n',
    )
  })

  it('names the filter that blocked', async () => {
    const reason = 'The answer was blocked (SAFETY): HARM_CATEGORY_HARASSMENT HIGH.'
    const engine = engineSaying([], { ...answered, status: 'blocked', answer: '', citations: [], reason })
    const { stdout } = await runInProcess(['ask', 'When?'], { engine, env: plain })
    expect(stdout).toBe(`Blocked by the model. ${reason}\n`)
  })

  it('lists the sentences that no source bears', async () => {
    const answer = 'In 2021 [1]. By night.\n\n- In Orzal.\n\n28. Juni 2024.'
    const unsupported = [
      { start: 13, end: 22 },
      { start: 24, end: 35 },
      { start: 37, end: 51 },
    ]
    const engine = engineSaying([answer], { ...answered, answer, unsupported })
    const { stdout } = await runInProcess(['ask', 'When?'], { engine, env: plain })
    expect(stdout).toMatch(
      /\nNot found in the sources:\n {2}- By night\.\n {2}- In Orzal\.\n {2}- 28\. Juni 2024\.\n\nSources\n/,
    )
  })

  it('says what it cost', async () => {
    const usage = {
      promptTokens: 2210,
      answerTokens: 18,
      thinkingTokens: 96,
      totalTokens: 2324,
      priceUsd: 0.00114,
    }
    const engine = engineSaying([], { ...answered, usage })
    const { stderr } = await runInProcess(['ask', 'When?'], { engine, env: plain })
    expect(stderr).toBe('2,210 tokens read, 18 written, 96 thought; $0.0011\n')
  })

  it('leads to the file of a source where terminals have links', async () => {
    const { stdout } = await runInProcess(['ask', 'When?'], { engine: engineSaying([], answered) })
    expect(stdout).toContain('\u001b]8;;file:///home/ines/my%20docs/file-1.md\u001b\\Title 1 (file-1.md')
  })
})

describe('an answer that breaks off', () => {
  const broken = new GemdexError('INCOMPLETE', 'The answer ended without a finish', {
    partialAnswer: 'In 20',
  })
  const engine: Partial<SearchEngine> = {
    async *ask(): AsyncIterable<AnswerEvent> {
      yield { type: 'sources', sources: [hit], standaloneQuestion: 'When?' }
      yield { type: 'delta', text: 'In 20' }
      throw broken
    },
    answer: () => Promise.reject(broken),
  }

  it('is marked incomplete where it was shown', async () => {
    const { code, stdout, stderr } = await runInProcess(['ask', 'When?'], { engine, env: plain })
    expect(code).toBe(2)
    expect(stdout).toBe('In 20\n')
    expect(stderr).toBe(
      'The answer broke off: what is shown above is incomplete.\nerror The answer ended without a finish\n',
    )
  })

  it.each([[['--no-stream']], [['--json']]])('goes to standard error with %j', async (flags) => {
    const { code, stdout, stderr } = await runInProcess(['ask', 'When?', ...flags], { engine, env: plain })
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('What had come of it is incomplete:\nIn 20\n')
  })
})

describe('what ask hands on', () => {
  it('is the conversation, the collection and the pictures', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gemdex-ask-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const png = Buffer.from('89504e470d0a1a0a0000', 'hex')
    writeFileSync(join(folder, 'a.png'), png)
    let options: unknown
    const engine = {
      answer: async (_: unknown, given: unknown) => {
        options = given
        return answered
      },
    }
    const argv = [
      'ask',
      'When?',
      '--json',
      '--session',
      'abc',
      '-c',
      'docs',
      '--image',
      join(folder, 'a.png'),
    ]
    await runInProcess(argv, { engine })
    expect(options).toEqual({
      collection: 'docs',
      sessionId: 'abc',
      images: [{ mimeType: 'image/png', data: png.toString('base64') }],
      signal: expect.any(AbortSignal),
    })
  })

  it.each([
    ['/nonexistent/a.png', 'cannot be read'],
    ['/', 'cannot be read'],
    [fileURLToPath(import.meta.url), 'is no PNG, JPEG, WebP, HEIC or HEIF'],
  ])('is not the picture %s', async (path, complaint) => {
    const { code, stderr } = await runInProcess(['ask', 'When?', '--image', path], { env: plain })
    expect(code).toBe(2)
    expect(stderr).toBe(`error The image ${path} ${complaint}\n`)
  })

  it('tells how a question that goes on from others was understood, and of no other', async () => {
    const engine = {
      async *ask(): AsyncIterable<AnswerEvent> {
        yield { type: 'sources', sources: [], standaloneQuestion: 'When was the pump repaired?' }
        yield { type: 'done', answer: answered }
      },
    }
    const alone = await runInProcess(['ask', 'And repaired?'], { engine })
    const within = await runInProcess(['ask', 'And repaired?', '--session', 'c1'], { engine, env: plain })
    expect(alone.stderr).not.toContain('Asked as')
    expect(within.stderr).toContain('Asked as: When was the pump repaired?\n')
  })

  it('is not a picture larger than a model takes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gemdex-ask-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'large.png')
    writeFileSync(path, '')
    truncateSync(path, 14_000_001)
    const { code, stderr } = await runInProcess(['ask', 'When?', '--image', path], { env: plain })
    expect(code).toBe(2)
    expect(stderr).toBe(`error The image ${path} has 14,000,001 bytes; at most 14,000,000 go\n`)
  })
})

describe('ask into a pipe', () => {
  it('writes the final answer alone', async () => {
    const engine = engineSaying(['In ', '2021 [1][9].'], answered)
    const { stdout } = await runInProcess(['ask', 'When?'], { engine, terminal: false })
    expect(stdout).toBe(`In 2021 [1].\n${SOURCES}`)
  })

  it('lists each cited passage once, with how many of its claims are verified', async () => {
    const second = { ...citation, marker: 2, title: 'Other' }
    const citations = [second, citation, { ...citation, verified: false }]
    const engine = engineSaying([], { ...answered, citations })
    const { stdout } = await runInProcess(['ask', 'When?'], { engine, terminal: false })
    expect(stdout).toMatch(
      /\nSources\n {2}\[1\] Title 1 \(.*\) verified for 1 of 2 sentences\n {6}".*"\n {2}\[2\] Other \(.*\) verified\n {6}".*"\n$/,
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
