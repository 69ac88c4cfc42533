#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import type { Output } from './cli/io.js'
import { runCli } from './cli/run-cli.js'

const INTERRUPTED = 130
const USUAL_COLUMNS = 80
/** What was written before a signal has so long to be read; with a reader that is stuck it would keep the process for ever. */
const UNREAD_MS = 1_000
const abort = new AbortController()

let onInterrupt: (() => void) | undefined

/** The first signal asks the command to stop; a second one ends the process at once. A command may take Ctrl-C itself. */
function onSignal(signal: NodeJS.Signals): void {
  if (abort.signal.aborted) process.exit(INTERRUPTED)
  if (signal === 'SIGINT' && onInterrupt !== undefined) onInterrupt()
  else abort.abort(signal)
}

function outputOf(stream: NodeJS.WriteStream): Output {
  // The reader of a pipe may leave early (`| head`): what was begun is still done, and ends with its own exit code.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exit(2)
  })
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    get columns() {
      // Some terminals say 0 for not known.
      return stream.columns || USUAL_COLUMNS
    },
  }
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}
process.on('SIGINT', onSignal)
process.on('SIGTERM', onSignal)
process.exitCode = await runCli(
  process.argv.slice(2),
  {
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    isInteractive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    out: outputOf(process.stdout),
    err: outputOf(process.stderr),
    signal: abort.signal,
    takeInterrupts(handler) {
      onInterrupt = handler
      return () => {
        onInterrupt = undefined
      }
    },
  },
  {
    version,
    // Loaded when needed: `--help` and mistyped verbs answer without.
    openEngine: async (config, options) => (await import('./compose.js')).openEngine(config, options),
    diagnose: async (config, options) => (await import('./diagnose.js')).diagnose(config, options),
    upkeep: {
      verify: async (...args) => (await import('./upkeep.js')).verify(...args),
      backup: async (...args) => (await import('./upkeep.js')).backup(...args),
      restore: async (...args) => (await import('./upkeep.js')).restore(...args),
    },
  },
)
if (abort.signal.aborted) setTimeout(() => process.exit(), UNREAD_MS).unref()
