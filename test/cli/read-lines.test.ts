import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import type { Io } from '../../src/cli/io.js'
import { readLines } from '../../src/cli/read-lines.js'

/** What is typed at a prompt, key by key, and what the lines and the screen come to. */
async function type(...keys: readonly string[]) {
  const stdin = new PassThrough()
  const written: string[] = []
  const io = {
    stdin,
    isInteractive: true,
    err: { columns: 80, isTerminal: true, write: (text: string) => void written.push(text) },
    signal: new AbortController().signal,
  } as unknown as Io
  for (const key of keys) stdin.write(key)
  const lines: string[] = []
  for await (const line of readLines(io, '> ')) lines.push(line)
  return { lines, screen: written.join('') }
}

it.each([
  ['Ctrl-D', '\u0004'],
  ['Ctrl-C on an empty line', '\u0003'],
])('ends by %s, and leaves the cursor on a line of its own', async (_, key) => {
  const { lines, screen } = await type('one\r', key)
  expect(lines).toEqual(['one'])
  expect(screen.endsWith('\n')).toBe(true)
})

it('empties the line by Ctrl-C', async () => {
  const { lines } = await type('half a ques', '\u0003', 'two\r', '\u0004')
  expect(lines).toEqual(['two'])
})
