import { addAbortSignal } from 'node:stream'
import { text as readAll } from 'node:stream/consumers'
import { GemdexError, throwIfAborted } from '../../errors.js'
import type { EmbedRole } from '../../types.js'
import type { Context } from '../context.js'
import { DONE, NOTHING } from '../exit-code.js'
import type { ExitCode, Io } from '../io.js'

export type EmbedFlags = { readonly role?: EmbedRole; readonly title?: string; readonly json?: boolean }

/** `embed --session <id>`: one vector per turn that did not fail, which is kept for `sessions search`. */
export async function embedSession(
  context: Context,
  id: string,
  text: string | undefined,
  flags: EmbedFlags,
): Promise<ExitCode> {
  const role = flags.role ?? 'document'
  if (text !== undefined || flags.title !== undefined || role !== 'document') {
    throw new GemdexError('BAD_INPUT', 'With --session there is no text, title or role to give', {
      field: 'session',
    })
  }
  return context.withIndex(async ({ sessions }) => {
    const { model, dimensions, turns } = await sessions.embed(id, { signal: context.io.signal })
    const vectors = turns.map(({ ordinal, vector }) => ({ turn: ordinal, vector: [...vector] }))
    if (flags.json) context.io.out.write(`${JSON.stringify({ model, dimensions, role, turns: vectors })}\n`)
    else for (const { vector } of vectors) context.io.out.write(`${JSON.stringify(vector)}\n`)
    return vectors.length === 0 ? NOTHING : DONE
  })
}

/** `embed <text or ->`: one vector, or one per line of standard input. */
export async function embed(
  context: Context,
  text: string | undefined,
  flags: EmbedFlags,
): Promise<ExitCode> {
  if (text === undefined)
    throw new GemdexError('BAD_INPUT', 'Give a text, - for standard input, or --session', { field: 'text' })
  const role = flags.role ?? 'document'
  if (flags.title !== undefined && role !== 'document') {
    throw new GemdexError('BAD_INPUT', '--title belongs to --role document only', { field: 'title' })
  }
  const lines = text === '-' ? (await readInput(context.io)).split(/\r?\n/) : [text]
  const texts = lines.filter((line) => line.trim() !== '')
  if (texts.length === 0) throw new GemdexError('BAD_INPUT', 'There is no text to embed', { field: 'text' })
  const title = flags.title === undefined ? {} : { title: flags.title }
  return context.withEngine({ ifMissing: 'memory' }, async (engine) => {
    const result = await engine.embed({
      inputs: texts.map((one) => ({ text: one, ...title })),
      role,
      signal: context.io.signal,
    })
    const vectors = result.vectors.map((vector) => [...vector])
    if (flags.json)
      context.io.out.write(
        `${JSON.stringify({ model: result.model, dimensions: result.dimensions, role, vectors })}\n`,
      )
    else for (const vector of vectors) context.io.out.write(`${JSON.stringify(vector)}\n`)
    return DONE
  })
}

/** All of standard input; Ctrl-C ends the wait for it. */
async function readInput({ stdin, signal }: Io): Promise<string> {
  throwIfAborted(signal)
  try {
    return await readAll(addAbortSignal(signal, stdin))
  } catch (error) {
    throwIfAborted(signal)
    throw error
  }
}
