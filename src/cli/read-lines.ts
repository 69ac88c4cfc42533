import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { Io, Output } from './io.js'

/**
 * The lines of standard input, until its end or an abort. On a terminal each is asked for with a prompt and can be edited,
 * with those before it at hand; Ctrl-C empties the line, and ends the input when it was empty. Between two lines the terminal
 * is left as it was, so that Ctrl-C reaches what goes on meanwhile.
 */
export async function* readLines(io: Io, prompt: string): AsyncGenerator<string> {
  if (!io.isInteractive) {
    const lines = createInterface({ input: io.stdin, signal: io.signal })
    try {
      yield* lines
    } finally {
      lines.close()
    }
    return
  }
  let history: string[] = []
  const remember = (lines: string[]) => {
    history = lines
  }
  while (!io.signal.aborted) {
    const line = await readLine(io, prompt, history, remember)
    if (line === undefined) {
      // Ctrl-D and Ctrl-C leave the cursor behind the prompt.
      io.err.write('\n')
      return
    }
    yield line
  }
}

function readLine(
  io: Io,
  prompt: string,
  history: readonly string[],
  remember: (lines: string[]) => void,
): Promise<string | undefined> {
  const editor = createInterface({
    input: io.stdin,
    output: writableTo(io.err),
    terminal: true,
    history: [...history],
    removeHistoryDuplicates: true,
    signal: io.signal,
    prompt,
  })
  return new Promise((resolve) => {
    editor.on('history', remember)
    editor.once('line', (line) => {
      resolve(line)
      editor.close()
    })
    editor.on('SIGINT', () => {
      if (editor.line === '') return editor.close()
      io.err.write('\n')
      editor.write(null, { ctrl: true, name: 'e' })
      editor.write(null, { ctrl: true, name: 'u' })
    })
    editor.once('close', () => {
      resolve(undefined)
    })
    editor.prompt()
  })
}

/** What readline draws on; it asks for the width where the line is broken. */
function writableTo(output: Output): Writable {
  const writable = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      output.write(String(chunk))
      done()
    },
  })
  return Object.defineProperty(writable, 'columns', { get: () => output.columns })
}
