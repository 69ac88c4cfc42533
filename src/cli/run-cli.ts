import { type Command, CommanderError } from 'commander'
import { GemdexError, toGemdexError } from '../errors.js'
import type { Installation } from './context.js'
import { DONE, exitCodeOfError, FAILED } from './exit-code.js'
import type { ExitCode, Io } from './io.js'
import { createProgram } from './program.js'
import { oneLine, styleFor } from './style.js'

/** Runs one command line (without node and script). Never throws: errors become messages on `err` and exit codes. */
export async function runCli(argv: readonly string[], io: Io, installation: Installation): Promise<ExitCode> {
  let code: ExitCode = DONE
  const program = createProgram(io, installation, (given) => {
    code = given
  })
  if (argv.length === 0) {
    program.outputHelp()
    return DONE
  }
  try {
    await program.parseAsync(withoutHelp(argv, program), { from: 'user' })
    return code
  } catch (thrown) {
    // Commander has printed its message (or the help that was asked for) by now.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? DONE : FAILED
    return reportError(thrown, io)
  }
}

/**
 * `help` for a verb that is none is answered as the verb itself is, with those that are like it, not by the whole help. Flags of all
 * verbs may stand anywhere. Throws CommanderError as parsing does.
 */
function withoutHelp(argv: readonly string[], program: Command): readonly string[] {
  if (!argv.includes('help')) return argv
  const [first, verb = 'help', ...others] = program.parseOptions([...argv]).operands
  const isVerb = ['help', ...program.commands.map((each) => each.name())].includes(verb)
  return first === 'help' && !isVerb ? [verb, ...others] : argv
}

function reportError(thrown: unknown, io: Io): ExitCode {
  const error = toGemdexError(thrown)
  const style = styleFor(io.err, io.env)
  const details =
    error.code === 'INTERNAL' && thrown instanceof Error && !(thrown instanceof GemdexError)
      ? `: ${thrown.message}`
      : ''
  if (error.code === 'CANCELLED')
    io.err.write('Interrupted. What was finished is kept; run the command again to go on.\n')
  else
    io.err.write(
      `${style.warn('error')} ${oneLine(error.message + details)}\n${error.hint === undefined ? '' : `  ${oneLine(error.hint)}\n`}`,
    )
  if (details !== '' && io.env.GEMDEX_LOG_LEVEL === 'debug') io.err.write(`${(thrown as Error).stack}\n`)
  return exitCodeOfError(error)
}
