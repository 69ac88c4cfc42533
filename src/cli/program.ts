import { Command } from 'commander'
import { settings } from '../settings.js'
import { createContext, type GlobalFlags, type Installation } from './context.js'
import type { ExitCode, Io } from './io.js'
import { type Style, styleFor } from './style.js'
import { addAskingVerbs } from './verbs/asking-verbs.js'
import { addCorpusVerbs } from './verbs/corpus-verbs.js'
import { addIndexVerbs } from './verbs/index-verbs.js'
import type { Run } from './verbs/run.js'
import { addServiceVerbs } from './verbs/service-verbs.js'
import { addUpkeepVerbs } from './verbs/upkeep-verbs.js'

/** The verbs with their flags. `done` gets the exit code of the verb that ran. */
export function createProgram(io: Io, installation: Installation, done: (code: ExitCode) => void): Command {
  const program = new Command('gemdex')
    .description('Turns folders of documents into a semantic search service with cited answers.')
    .version(installation.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--db <file>', settings.db.summary)
    .option('--config <file>', 'config file (JSON) instead of the one in $XDG_CONFIG_HOME/gemdex')
    .option('--embedder <name>', settings.embedder.summary)
    .option('--embedding-model <id>', settings.embeddingModel.summary)
    .option('--dimensions <n>', settings.dimensions.summary)
    .option('--generator <name>', settings.generator.summary)
    .option('--model <id>', settings.model.summary)
    .option('--log-level <level>', settings.logLevel.summary)
    .showHelpAfterError('  `gemdex --help` lists the verbs, `gemdex <verb> --help` their flags.')
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      outputError: (text, write) => write(likeOtherErrors(text, styleFor(io.err, io.env))),
    })
    .exitOverride()
    .addHelpText('after', EPILOGUE)
    .configureHelp({ showGlobalOptions: true })

  /** Runs a verb with the settings in force; flags of the verb itself may be settings too. */
  const run: Run = async (load, verb, flags = {}) => {
    const commands = await load()
    done(
      await verb(commands, createContext(io, installation, { ...(program.opts() as GlobalFlags), ...flags })),
    )
  }
  addIndexVerbs(program, run)
  addAskingVerbs(program, run)
  addCorpusVerbs(program, run)
  addUpkeepVerbs(program, run)
  addServiceVerbs(program, run)
  return program
}

/** `error: what` and `(Did you mean this?)` on a line of its own, written as errors of verbs and their hints are. */
function likeOtherErrors(text: string, style: Style): string {
  return text.replace(/^error:/, style.warn('error')).replace(/\n\((.*)\)$/m, '\n  $1')
}

const EPILOGUE = `
Settings come from flags, then the environment (GOOGLE_API_KEY, GEMDEX_...), then a config file; \`gemdex config get\`
shows those in force. Exit codes: 0 done or found, 1 nothing found or refused, 2 error, 3 done but some files failed,
75 out of quota (run again to go on), 130 interrupted.

Examples:
  gemdex index ~/notes
  gemdex search "how do we back up the database"
  gemdex ask "Who approves travel above 500 euros?"
  gemdex chat
  gemdex serve`
