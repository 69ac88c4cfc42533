import { type Command, InvalidArgumentError } from 'commander'
import type { Context, GlobalFlags } from '../context.js'
import type { ExitCode } from '../io.js'

export type JsonFlag = { json?: boolean }

/** Loads what a verb takes, and nothing else, when it is run. */
export type Run = <Commands>(
  load: () => Promise<Commands>,
  verb: (commands: Commands, context: Context) => ExitCode | Promise<ExitCode>,
  flags?: GlobalFlags,
) => Promise<void>

/** A verb that is the first word of others; a mistake in the second points at their help. */
export function group(program: Command, name: string): Command {
  return program
    .command(name)
    .showHelpAfterError(
      `  \`gemdex ${name} --help\` lists what follows \`${name}\`, and \`gemdex ${name} <verb> --help\` its flags.`,
    )
}

/** For a flag that may be repeated. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

export function wholeNumber(value: string): number {
  if (!/^-?\d+$/.test(value)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(value)
}

export function decimal(value: string): number {
  if (value.trim() === '' || !Number.isFinite(Number(value)))
    throw new InvalidArgumentError('It must be a number.')
  return Number(value)
}
