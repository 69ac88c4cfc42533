import { describe, expect, it } from 'vitest'
import { createSandbox } from './run-gemdex.js'

const box = createSandbox()
type Embedded = { model: string; dimensions: number; role: string; vectors: number[][] }

describe('gemdex embed without a key', () => {
  it('prints the vector of a text as one line of JSON, without making an index', async () => {
    const { code, stdout } = await box.run(['embed', 'a heat pump'])
    expect(code).toBe(0)
    const vector: number[] = JSON.parse(stdout)
    expect(stdout.trim()).not.toContain('\n')
    expect(vector).toHaveLength(1024)
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
    expect((await box.cli(['status'])).stderr).toMatch(/There is no index/)
  })

  it('embeds each line of standard input that holds something', async () => {
    const piped = await box.run(['embed', '-'], { stdin: 'a heat pump\r\n\n  \nan oven\n' })
    const lines = piped.stdout.trim().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toBe((await box.cli(['embed', 'a heat pump'])).stdout.trim())
  })

  it('names model, dimensions and role with --json', async () => {
    const result = (await box.json(['embed', 'an oven', '--role', 'query'])) as Embedded
    expect(result).toEqual({
      model: 'local-lexical-v1',
      dimensions: 1024,
      role: 'query',
      vectors: [expect.any(Array)],
    })
  })

  it('lets a title count, for documents alone', async () => {
    const titled = await box.cli(['embed', 'an oven', '--title', 'Kitchen'])
    expect(titled.stdout).not.toBe((await box.cli(['embed', 'an oven'])).stdout)
    const wrong = await box.cli(['embed', 'an oven', '--role', 'query', '--title', 'Kitchen'])
    expect(wrong).toMatchObject({ code: 2, stdout: '' })
    expect(wrong.stderr).toMatch(/--title belongs to --role document only/)
  })

  it.each([
    [['embed', '  '], undefined, /no text to embed/],
    [['embed', '-'], '\n\n', /no text to embed/],
    [['embed', 'x', '--role', 'poem'], undefined, /poem[\s\S]*document, query/],
  ])('refuses %j (input %j) with exit code 2', async (args, stdin, message) => {
    const { code, stdout, stderr } = await box.cli(args, stdin === undefined ? {} : { stdin })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })

  it('can be interrupted while it waits for input', async () => {
    const waiting = box.start(['embed', '-'], { stdin: null })
    // More than a pipe holds: when it is written, the program is reading.
    await waiting.feed('x'.repeat(1_000_000))
    const ended = await waiting.stop('SIGINT')
    expect(ended).toMatchObject({ code: 130, stdout: '' })
    expect(ended.stderr).toMatch(/^Interrupted/)
  })
})
